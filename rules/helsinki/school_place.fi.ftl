# The offer of a school place, to custodians. The school stands in `.what` and nowhere else.

place =
    .title = Koulupaikka lapselle, joka aloittaa perusopetuksen
    .who = Kirje koskee lasta, jonka nimi on { $subject }.
    .what = Tarjoamme lapselle paikkaa lähikoulusta: { $place }. Koulu alkaa { $starts }. Lähikoulu määräytyy kaupungin oppilaaksiottoalueen mukaan. Näet ehdotetun koulun myös kaupungin asiointipalvelusta, ja voit kysyä siitä meiltä.
    .what_unshown = Tarjoamme lapselle paikkaa lähikoulusta. Koulu alkaa { $starts }. Lähikoulu määräytyy kaupungin oppilaaksiottoalueen mukaan. Jos sinulla on kysyttävää paikasta, ota meihin yhteyttä.
    .by_when = Vastaa viimeistään { $reply_by }. Yhden huoltajan vastaus riittää. Jos huoltajat vastaavat eri tavoin, kaupungin työntekijä ottaa yhteyttä.
    .silence = Tarvitsemme vastauksen. Jos kukaan ei vastaa, lapsen oikeus koulupaikkaan säilyy ja kaupungin työntekijä ottaa yhteyttä. Mitään ei ratkaista sillä, että vastausta ei tule.
    .say_no = Jos et halua tätä paikkaa, vastaa, että et ota sitä vastaan. Syytä ei tarvitse kertoa. Lapsen oikeus perusopetukseen ja oppivelvollisuus säilyvät, ja sovimme kanssasi, miten asia etenee.
    .two_homes = Asuuko lapsi kahdessa kodissa? Kerro se meille, niin kaupungin työntekijä käy asian läpi huoltajien kanssa ennen kuin mitään päätetään: { $contact_name }, puhelin { $contact_phone }.

starts_this_year = Koulun alkamisvuosi
    .yes = { $subject } tulee oppivelvollisuusikään vuonna { $year }.
    .no = { $subject } ei tule oppivelvollisuusikään vuonna { $year }.
    .unknown = Rekisteristä ei selviä, tuleeko lapsi oppivelvollisuusikään vuonna { $year }.

lives_in_city = Kotikunta
    .yes = { $subject } asuu rekisterin mukaan Helsingissä.
    .no = { $subject } ei asu rekisterin mukaan Helsingissä.
    .unknown = Rekisteristä ei selviä, onko lapsen kotikunta Helsinki.

not_deferred = Koulun aloittaminen ajallaan
    .yes = { $subject } aloittaa koulun tavalliseen aikaan: aloittamisen siirtämisestä ei ole päätöstä.
    .no = { $subject } aloittaa koulun myöhemmin: aloittamisen siirtämisestä on päätös.
    .unknown = Rekisteristä ei selviä, onko koulun aloittamisen siirtämisestä päätös.

has_place = Koulupaikka
    .yes = { $subject } on jo saanut koulupaikan vuodelle { $year }.
    .no = { $subject } ei ole vielä saanut koulupaikkaa vuodelle { $year }.

lives_in_two_homes = Asuminen kahdessa kodissa
    .yes = { $subject } asuu tietojemme mukaan vuorotellen kahdessa kodissa.
    .no = Tiedossamme ei ole, että lapsi asuisi vuorotellen kahdessa kodissa.

extended_duty = Pidennetty oppivelvollisuus
    .yes = { $subject } on pidennetyn oppivelvollisuuden piirissä.
    .no = Pidennetystä oppivelvollisuudesta ei ole päätöstä.
