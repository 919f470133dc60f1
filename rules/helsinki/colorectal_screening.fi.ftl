# The letter about colorectal cancer screening, to the person alone. The title says nothing of what it is about.

turn =
    .title = Tietoa terveyspalvelusta
    .who = Tämä kirje on vain sinulle.
    .what = Vuonna { $year } on sinun vuorosi osallistua suolistosyövän seulontaan. Se on maksuton. Laboratorio lähettää sinulle postissa kutsun, näytteenottovälineet ja ohjeet viimeistään marraskuussa. Näyte otetaan itse kotona, eikä siihen tarvitse valmistautua. Jos sinulla on oireita, älä odota kutsua, vaan ota yhteyttä terveysasemaan.
    .by_when = Tähän kirjeeseen ei tarvitse vastata. Jos kutsu ei ole tullut marraskuun loppuun mennessä, kysy siitä meiltä: { $contact_name }, puhelin { $contact_phone }.
    .silence = Vastaamatta jättäminen ei vaikuta mihinkään. Saat kutsun silti.
    .say_no = Osallistuminen on vapaaehtoista, eikä syytä tarvitse kertoa. Voit jättää kutsun käyttämättä. Jos et halua kirjeitä seulonnoista, kerro se meille, niin emme lähetä niitä. Voit silti osallistua, ja voit muuttaa mielesi milloin tahansa: { $contact_name }, sähköposti { $contact_email }.

born_in_turn = Seulontavuoro
    .yes = Syntymävuotesi on mukana seulonnassa vuonna { $year }.
    .no = Syntymävuotesi ei ole mukana seulonnassa vuonna { $year }.
    .unknown = Rekisteristä ei selviä, onko syntymävuotesi mukana seulonnassa vuonna { $year }.

lives_in_city = Kotikunta
    .yes = Asut rekisterin mukaan Helsingissä.
    .no = Et asu rekisterin mukaan Helsingissä.
    .unknown = Rekisteristä ei selviä, onko kotikuntasi Helsinki.

invited = Kutsu
    .yes = Sinulle on jo lähetetty kutsu vuonna { $year }.
    .no = Sinulle ei ole vielä lähetetty kutsua vuonna { $year }.

sampled = Näyte
    .yes = Seulontanäytteesi on jo saapunut vuonna { $year }.
    .no = Seulontanäytteesi ei ole vielä saapunut vuonna { $year }.
