# The offer of a pre-primary place, to custodians. The place stands in `.what` and nowhere else.

place =
    .title = Esiopetuspaikka lapselle, joka aloittaa esiopetuksen
    .who = Kirje koskee lasta, jonka nimi on { $subject }.
    .what = Tarjoamme lapselle paikkaa kunnallisesta esiopetuksesta: { $place }. Esiopetus alkaa elokuussa { $year }, ja se on maksutonta. Paikka määräytyy kaupungin esiopetuksen oppilaaksiottoalueen mukaan, eikä se ole aina sama päiväkoti, jossa lapsi on nyt. Näet ehdotetun paikan myös kaupungin asiointipalvelusta, ja voit kysyä siitä meiltä.
    .what_unshown = Tarjoamme lapselle paikkaa kunnallisesta esiopetuksesta. Esiopetus alkaa elokuussa { $year }, ja se on maksutonta. Paikka määräytyy kaupungin esiopetuksen oppilaaksiottoalueen mukaan, eikä se ole aina sama päiväkoti, jossa lapsi on nyt. Näet ehdotetun paikan kaupungin asiointipalvelusta, ja voit kysyä siitä meiltä.
    .by_when = Vastaa viimeistään { $reply_by }. Yhden huoltajan vastaus riittää. Jos huoltajat vastaavat eri tavoin, kaupungin työntekijä ottaa yhteyttä.
    .silence = Tarvitsemme vastauksen. Jos kukaan ei vastaa, lapsen oikeus esiopetuspaikkaan säilyy ja kaupungin työntekijä ottaa yhteyttä. Mitään ei ratkaista sillä, että vastausta ei tule.
    .say_no = Jos et halua tätä paikkaa, vastaa, että et ota sitä vastaan, tai hae lapselle toista paikkaa. Syytä ei tarvitse kertoa. Lapsen oikeus esiopetukseen säilyy. Lapsen on osallistuttava esiopetukseen tai muuhun toimintaan, joka saavuttaa esiopetuksen tavoitteet, ja sovimme kanssasi, miten asia etenee.
    .two_homes = Asuuko lapsi kahdessa kodissa? Kerro se meille, niin kaupungin työntekijä käy asian läpi huoltajien kanssa ennen kuin mitään päätetään: { $contact_name }, puhelin { $contact_phone }.

year_before_school = Esiopetusvuosi
    .yes = { $subject } tulee oppivelvollisuusikään vuotta myöhemmin, joten esiopetus alkaa vuonna { $year }.
    .no = { $subject } ei ole esiopetusiässä vuonna { $year }.
    .unknown = Rekisteristä ei selviä, onko lapsi esiopetusiässä vuonna { $year }.

lives_in_city = Kotikunta
    .yes = { $subject } asuu rekisterin mukaan Helsingissä.
    .no = { $subject } ei asu rekisterin mukaan Helsingissä.
    .unknown = Rekisteristä ei selviä, onko lapsen kotikunta Helsinki.

municipal = Kunnallinen varhaiskasvatus
    .yes = { $subject } on kunnallisessa varhaiskasvatuksessa.
    .no = { $subject } ei ole tietojemme mukaan kunnallisessa varhaiskasvatuksessa. Silloin kutsumme ilmoittautumaan esiopetukseen.
    .unknown = Rekisteristä ei selviä, onko lapsi kunnallisessa varhaiskasvatuksessa.

in_day_care = Päiväkoti tai perhepäivähoito
    .yes = { $subject } on päiväkodissa tai perhepäivähoidossa.
    .no = { $subject } ei ole tietojemme mukaan päiväkodissa eikä perhepäivähoidossa. Silloin kutsumme ilmoittautumaan esiopetukseen.
    .unknown = Rekisteristä ei selviä, onko lapsi päiväkodissa tai perhepäivähoidossa.

not_on_break = Hoito jatkuu
    .yes = Varhaiskasvatus ei ole tauolla.
    .no = Varhaiskasvatus on tauolla. Silloin kutsumme ilmoittautumaan esiopetukseen.
    .unknown = Rekisteristä ei selviä, onko varhaiskasvatus tauolla.

not_round_the_clock = Päivisin annettava varhaiskasvatus
    .yes = { $subject } on varhaiskasvatuksessa päivisin.
    .no = { $subject } tarvitsee vuorohoitoa. Silloin kutsumme ilmoittautumaan esiopetukseen.
    .unknown = Rekisteristä ei selviä, tarvitseeko lapsi vuorohoitoa.

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
