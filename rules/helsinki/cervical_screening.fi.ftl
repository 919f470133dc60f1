# The letter about cervical cancer screening, to the person alone. The title says nothing of what it is about.

turn =
    .title = Tietoa terveyspalvelusta
    .who = Tämä kirje on vain sinulle.
    .what = Vuonna { $year } on sinun vuorosi osallistua kohdunkaulan syövän seulontaan. Se on maksuton. Laboratorio lähettää sinulle kutsun, jossa kerrotaan, miten ja missä näyte otetaan. Seulonnalla voidaan löytää syövän esiasteita ja hoitaa ne ajoissa. Jos sinulla on oireita, älä odota kutsua, vaan ota yhteyttä terveysasemaan.
    .by_when = Tähän kirjeeseen ei tarvitse vastata. Jos kutsua ei kuulu, kysy siitä meiltä: { $contact_name }, puhelin { $contact_phone }.
    .silence = Vastaamatta jättäminen ei vaikuta mihinkään. Saat kutsun silti.
    .say_no = Osallistuminen on vapaaehtoista, eikä syytä tarvitse kertoa. Voit jättää kutsun käyttämättä. Jos et halua kirjeitä seulonnoista, kerro se meille, niin emme lähetä niitä. Voit silti osallistua, ja voit muuttaa mielesi milloin tahansa: { $contact_name }, sähköposti { $contact_email }.

age_in_turn = Seulontavuoro
    .yes = Olet vuonna { $year } siinä iässä, jossa seulontaan kutsutaan.
    .no = Et ole vuonna { $year } siinä iässä, jossa seulontaan kutsutaan.
    .unknown = Rekisteristä ei selviä, oletko vuonna { $year } siinä iässä, jossa seulontaan kutsutaan.

registered_female = Rekisteriin merkitty sukupuoli
    .yes = Rekisterissä sukupuoleksesi on merkitty nainen.
    .no = Rekisterissä sukupuoleksesi ei ole merkitty nainen, emmekä siksi lähetä kirjettä. Oikeus seulontaan riippuu siitä, mikä on lääketieteellisesti perusteltua: jos sinulla on kohdunkaula, voit osallistua. Kysy meiltä.
    .unknown = Rekisteristä ei selviä sukupuoltasi. Oikeus seulontaan riippuu siitä, mikä on lääketieteellisesti perusteltua: jos sinulla on kohdunkaula, voit osallistua. Kysy meiltä.

lives_in_city = Kotikunta
    .yes = Asut rekisterin mukaan Helsingissä.
    .no = Et asu rekisterin mukaan Helsingissä.
    .unknown = Rekisteristä ei selviä, onko kotikuntasi Helsinki.

invited = Kutsu
    .yes = Sinulle on jo lähetetty kutsu vuonna { $year }.
    .no = Sinulle ei ole vielä lähetetty kutsua vuonna { $year }.

sampled = Näyte
    .yes = Seulontanäytteesi on jo otettu vuonna { $year }.
    .no = Seulontanäytettäsi ei ole vielä otettu vuonna { $year }.
