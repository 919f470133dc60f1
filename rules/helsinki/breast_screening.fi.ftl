# The letter about breast cancer screening, to the person alone. The title says nothing of what it is about.

turn =
    .title = Tietoa terveyspalvelusta
    .who = Tämä kirje on vain sinulle.
    .what = Sinun vuorosi osallistua rintasyövän seulontaan on tullut. Seulontaan kutsutaan { $months_min }–{ $months_max } kuukauden välein. Se on maksuton. Saat kutsun, jossa kerrotaan, missä ja milloin kuvaus tehdään. Jos sinulla on oireita, älä odota kutsua, vaan ota yhteyttä terveysasemaan.
    .by_when = Tähän kirjeeseen ei tarvitse vastata. Jos kutsua ei kuulu, kysy siitä meiltä: { $contact_name }, puhelin { $contact_phone }.
    .silence = Vastaamatta jättäminen ei vaikuta mihinkään. Saat kutsun silti.
    .say_no = Osallistuminen on vapaaehtoista, eikä syytä tarvitse kertoa. Voit jättää kutsun käyttämättä. Jos et halua kirjeitä seulonnoista, kerro se meille, niin emme lähetä niitä. Voit silti osallistua, ja voit muuttaa mielesi milloin tahansa: { $contact_name }, sähköposti { $contact_email }.

age_in_programme = Seulontaikä
    .yes = Olet vuonna { $year } siinä iässä, jossa seulontaan kutsutaan.
    .no = Et ole vuonna { $year } siinä iässä, jossa seulontaan kutsutaan.
    .unknown = Rekisteristä ei selviä, oletko vuonna { $year } siinä iässä, jossa seulontaan kutsutaan.

registered_female = Rekisteriin merkitty sukupuoli
    .yes = Rekisterissä sukupuoleksesi on merkitty nainen.
    .no = Rekisterissä sukupuoleksesi ei ole merkitty nainen, emmekä siksi lähetä kirjettä. Jos arvelet, että seulonta koskee silti sinua, kysy meiltä.
    .unknown = Rekisteristä ei selviä sukupuoltasi. Jos arvelet, että seulonta koskee sinua, kysy meiltä.

lives_in_city = Kotikunta
    .yes = Asut rekisterin mukaan Helsingissä.
    .no = Et asu rekisterin mukaan Helsingissä.
    .unknown = Rekisteristä ei selviä, onko kotikuntasi Helsinki.

invited_lately = Viimeisin kutsu
    .yes = Sinulle on lähetetty kutsu niin äskettäin, että vuorosi ei ole vielä tullut uudelleen.
    .no = Viimeisimmästä kutsustasi on kulunut niin kauan, että vuorosi on tullut, tai sinua ei ole vielä kutsuttu.
