# The offer of a summer job voucher. It is the young person's own; the letter goes to the custodians, and to
# the young person in the words of `_self` from the age of 18.

voucher =
    .title = Kesäseteli nuoren kesätyötä varten
    .title_self = Kesäseteli kesätyötäsi varten
    .who = Kirje koskee nuorta, jonka nimi on { $subject }. Anna kirje hänelle: seteli on hänen omansa.
    .who_self = Kirje koskee sinua itseäsi. Olet täysi-ikäinen, joten kirje tulee sinulle.
    .what = Tarjoamme nuorelle kesäsetelin. Se auttaa kesätyön saamisessa: kun nuori antaa setelin työnantajalle, kaupunki maksaa työnantajalle { $to_employer } euroa. Työtä on yhteensä { $hours } tuntia, ja työnantaja maksaa nuorelle niistä vähintään { $pay_min } euroa. Setelin voi käyttää kerran, aikaisintaan { $usable_from } ja viimeistään { $usable_to }. Jos kesän ehdoista ei ole vielä päätetty, luvut ja päivät ovat arvioita: tarkista ne meiltä.
    .what_self = Tarjoamme sinulle kesäsetelin. Se auttaa kesätyön saamisessa: kun annat setelin työnantajalle, kaupunki maksaa työnantajalle { $to_employer } euroa. Työtä on yhteensä { $hours } tuntia, ja työnantaja maksaa sinulle niistä vähintään { $pay_min } euroa. Setelin voi käyttää kerran, aikaisintaan { $usable_from } ja viimeistään { $usable_to }. Jos kesän ehdoista ei ole vielä päätetty, luvut ja päivät ovat arvioita: tarkista ne meiltä.
    .by_when = Seteliä pyydetään viimeistään { $reply_by }. Nuoren oma vastaus tai yhden huoltajan vastaus riittää.
    .by_when_self = Seteliä pyydetään viimeistään { $reply_by }.
    .silence = Tarvitsemme vastauksen, jotta voimme lähettää setelin. Jos kukaan ei vastaa, seteliä ei lähetetä, mutta mitään muuta ei tapahdu. Nuori voi pyytää seteliä myös itse.
    .silence_self = Tarvitsemme vastauksen, jotta voimme lähettää setelin. Jos et vastaa, seteliä ei lähetetä, mutta mitään muuta ei tapahdu.
    .say_no = Seteliä ei tarvita työn hakemiseen, eikä sitä ole pakko ottaa. Jos et halua tällaisia kirjeitä, kerro se meille, niin emme lähetä niitä: { $contact_name }, sähköposti { $contact_email }.
    .two_homes = Asuuko nuori kahdessa kodissa? Oikeus seteliin on sama. Jos haluat kertoa siitä meille: { $contact_name }, puhelin { $contact_phone }.

lives_in_city = Kotikunta
    .yes = { $subject } asuu rekisterin mukaan Helsingissä.
    .no = { $subject } ei asu rekisterin mukaan Helsingissä. Kesäseteliä voi kysyä omasta kotikunnasta.
    .unknown = Rekisteristä ei selviä, onko nuoren kotikunta Helsinki.

studies = Opinnot
    .yes = { $subject } kuuluu niihin, joille kesäseteli annetaan vuonna { $year }: yhdeksäsluokkalaisiin tai TUVA-koulutuksen alaikäisiin opiskelijoihin.
    .no = { $subject } ei ole tietojemme mukaan yhdeksännellä luokalla eikä alaikäisenä TUVA-koulutuksessa sinä lukuvuonna, joka päättyy vuonna { $year }.
    .unknown = Rekisteristä ei selviä, onko nuori yhdeksännellä luokalla tai TUVA-koulutuksessa sinä lukuvuonna, joka päättyy vuonna { $year }.

has_voucher = Kesäseteli
    .yes = { $subject } on jo pyytänyt tai saanut kesäsetelin vuodelle { $year }.
    .no = { $subject } ei ole vielä pyytänyt eikä saanut kesäseteliä vuodelle { $year }.
