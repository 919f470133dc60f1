# The invitation to enrol in pre-primary education, to custodians. Nothing in it tells how the child is cared for now.

enrol =
    .title = Kutsu ilmoittautua esiopetukseen
    .who = Kirje koskee lasta, jonka nimi on { $subject }.
    .what = Kutsumme ilmoittamaan lapsen kunnalliseen esiopetukseen. Esiopetus alkaa elokuussa { $year }, ja se on maksutonta. Ilmoittautua voi kaupungin asiointipalvelussa tai meidän kauttamme. Kun lapsi on ilmoitettu, kaupunki osoittaa hänelle paikan esiopetuksen oppilaaksiottoalueen mukaan. Yksityiseen esiopetukseen haetaan suoraan päiväkodista.
    .by_when = Ilmoita lapsi viimeistään { $reply_by }. Yhden huoltajan ilmoitus riittää. Jos huoltajat vastaavat eri tavoin, kaupungin työntekijä ottaa yhteyttä.
    .silence = Tarvitsemme vastauksen. Jos kukaan ei vastaa, lapsen oikeus esiopetukseen säilyy ja kaupungin työntekijä ottaa yhteyttä. Mitään ei ratkaista sillä, että vastausta ei tule.
    .say_no = Jos lapsi ei tarvitse paikkaa kaupungin esiopetuksesta, kerro se meille. Riittää, kun kerrot, osallistuuko lapsi yksityiseen esiopetukseen tai muuhun toimintaan, joka saavuttaa esiopetuksen tavoitteet. Lapsen oikeus esiopetukseen säilyy, ja lapsen voi ilmoittaa myöhemminkin.
    .two_homes = Asuuko lapsi kahdessa kodissa? Kerro se meille, niin kaupungin työntekijä käy asian läpi huoltajien kanssa ennen kuin mitään päätetään: { $contact_name }, puhelin { $contact_phone }.

year_before_school = Esiopetusvuosi
    .yes = { $subject } tulee oppivelvollisuusikään vuotta myöhemmin, joten esiopetus alkaa vuonna { $year }.
    .no = { $subject } ei ole esiopetusiässä vuonna { $year }.
    .unknown = Rekisteristä ei selviä, onko lapsi esiopetusiässä vuonna { $year }.

lives_in_city = Kotikunta
    .yes = { $subject } asuu rekisterin mukaan Helsingissä.
    .no = { $subject } ei asu rekisterin mukaan Helsingissä.
    .unknown = Rekisteristä ei selviä, onko lapsen kotikunta Helsinki.

no_place_assigned = Ilmoittautuminen tarvitaan
    .yes = Kaupunki ei osoita lapselle paikkaa suoraan, koska { $subject } ei ole tietojemme mukaan nyt päivisin kaupungin omassa päiväkodissa tai perhepäivähoidossa.
    .no = { $subject } on tietojemme mukaan päivisin kaupungin omassa päiväkodissa tai perhepäivähoidossa. Silloin kaupunki osoittaa paikan suoraan.
    .unknown = Rekisteristä ei selviä, onko lapsi päivisin kaupungin omassa päiväkodissa tai perhepäivähoidossa.

has_place = Esiopetuspaikka
    .yes = { $subject } on jo saanut esiopetuspaikan vuodelle { $year }.
    .no = { $subject } ei ole vielä saanut esiopetuspaikkaa vuodelle { $year }.

enrolled = Ilmoittautuminen
    .yes = Olemme jo saaneet ilmoittautumisen tai hakemuksen vuodelle { $year }.
    .no = Emme ole vielä saaneet ilmoittautumista tai hakemusta vuodelle { $year }.

in_school = Koulun aloittaminen
    .yes = { $subject } aloittaa koulun jo vuonna { $year }.
    .no = { $subject } ei aloita koulua vielä vuonna { $year }.

lives_in_two_homes = Asuminen kahdessa kodissa
    .yes = { $subject } asuu tietojemme mukaan vuorotellen kahdessa kodissa.
    .no = Tiedossamme ei ole, että lapsi asuisi vuorotellen kahdessa kodissa.

extended_duty = Pidennetty oppivelvollisuus
    .yes = { $subject } on pidennetyn oppivelvollisuuden piirissä.
    .no = Pidennetystä oppivelvollisuudesta ei ole päätöstä.
