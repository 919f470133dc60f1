# The offer of a travel card, to custodians, or in the words of `_self` to a pupil who is of age. Nothing in it tells how long the journey is, nor which school it leads to.

card =
    .title = Matkakortti koulumatkoja varten
    .who = Kirje koskee lasta, jonka nimi on { $subject }.
    .who_self = Kirje koskee sinua itseäsi. Olet täysi-ikäinen, joten kirje tulee sinulle eikä entisille huoltajillesi.
    .what = Tietojemme mukaan lapsella on oikeus HSL:n matkakorttiin koulumatkoja varten lukuvuonna, joka alkaa vuonna { $year }. Kortti on maksuton. Hakemusta ei tarvitse täyttää: riittää, että vastaat tähän. Kortista tehdään erillinen päätös. Kortin saa koulusta.
    .what_self = Tietojemme mukaan sinulla on oikeus HSL:n matkakorttiin koulumatkoja varten lukuvuonna, joka alkaa vuonna { $year }. Kortti on maksuton. Hakemusta ei tarvitse täyttää: riittää, että vastaat tähän. Kortista tehdään erillinen päätös. Kortin saa koulusta.
    .by_when = Vastaa viimeistään { $reply_by }. Yhden huoltajan vastaus riittää. Jos huoltajat vastaavat eri tavoin, kaupungin työntekijä ottaa yhteyttä.
    .by_when_self = Vastaa viimeistään { $reply_by }.
    .silence = Tarvitsemme vastauksen, jotta kortti voidaan myöntää. Jos kukaan ei vastaa, oikeus korttiin säilyy ja kaupungin työntekijä ottaa yhteyttä. Korttia voi pyytää myös myöhemmin.
    .silence_self = Tarvitsemme vastauksen, jotta kortti voidaan myöntää. Jos et vastaa, oikeus korttiin säilyy ja kaupungin työntekijä ottaa yhteyttä. Korttia voi pyytää myös myöhemmin.
    .say_no = Jos lapsi ei tarvitse korttia, vastaa, että et ota sitä vastaan. Syytä ei tarvitse kertoa. Korttia voi pyytää myöhemmin.
    .say_no_self = Jos et tarvitse korttia, vastaa, että et ota sitä vastaan. Syytä ei tarvitse kertoa. Korttia voi pyytää myöhemmin.
    .two_homes = Asuuko lapsi kahdessa kodissa? Kerro se meille, niin kaupungin työntekijä käy asian läpi huoltajien kanssa ennen kuin mitään päätetään: { $contact_name }, puhelin { $contact_phone }.

pupil = Lukuvuosi
    .yes = { $subject } on perusopetuksessa lukuvuonna, joka alkaa vuonna { $year }.
    .no = Tiedossamme ei ole, että { $subject } olisi perusopetuksessa lukuvuonna, joka alkaa vuonna { $year }.
    .unknown = Rekisteristä ei selviä, onko lapsi perusopetuksessa lukuvuonna, joka alkaa vuonna { $year }.

lives_in_city = Kotikunta
    .yes = { $subject } asuu rekisterin mukaan Helsingissä.
    .no = { $subject } ei asu rekisterin mukaan Helsingissä.
    .unknown = Rekisteristä ei selviä, onko lapsen kotikunta Helsinki.

municipal_school = Kaupungin koulu
    .yes = { $subject } käy kaupungin omaa koulua.
    .no = { $subject } käy koulua, joka ei ole kaupungin oma. Silloin koulumatkoista huolehtii koulu, jota lapsi käy.
    .unknown = Rekisteristä ei selviä, onko lapsen koulu kaupungin oma.

local_school = Lähikoulu
    .yes = { $subject } käy lähikoulua, jonka kaupungin oppilaaksiottoalue määrää.
    .no = { $subject } käy muuta koulua kuin lähikoulua. Matkakortin voi silti saada joillakin perusteilla: hae sitä koulusta.
    .unknown = Rekisteristä ei selviä, onko lapsen koulu lähikoulu.

journey = Koulumatka
    .yes = Koulumatka täyttää matkakortin ehdot, sellaisena kuin kaupunki on sen mitannut.
    .no = Koulumatka ei täytä matkakortin ehtoja, sellaisena kuin kaupunki on sen mitannut. Jos matka on lapselle liian vaikea, rasittava tai vaarallinen, kerro siitä meille: ihminen arvioi asian.
    .unknown = Rekisteristä ei selviä, täyttääkö koulumatka matkakortin ehdot.

has_card = Haettu tai myönnetty kortti
    .yes = Matkakorttia on jo haettu tai se on myönnetty lukuvuodelle, joka alkaa vuonna { $year }.
    .no = Matkakorttia ei ole vielä haettu eikä myönnetty lukuvuodelle, joka alkaa vuonna { $year }.

lives_in_two_homes = Asuminen kahdessa kodissa
    .yes = { $subject } asuu tietojemme mukaan vuorotellen kahdessa kodissa.
    .no = Tiedossamme ei ole, että lapsi asuisi vuorotellen kahdessa kodissa.

too_hard = Koulumatkan arviointi
    .yes = Meille on kerrottu, että koulumatka voi olla lapselle liian vaikea, rasittava tai vaarallinen.
    .no = Meille ei ole kerrottu, että koulumatka olisi lapselle liian vaikea, rasittava tai vaarallinen.

other_method = Koulumatkan mittaaminen
    .yes = Koulumatkaa ei ole vielä mitattu jalankulkijan reittiä pitkin.
    .no = Koulumatka on mitattu jalankulkijan reittiä pitkin.
