# The letter about the lift grant, to the owners of a building. $subject is the building's address.

grant =
    .title = Valtion avustus hissin rakentamiseen
    .who = Kirje on tarkoitettu rakennuksen omistajalle. Rakennuksen osoite: { $subject }.
    .what = Rekisteritietojen perusteella tähän rakennukseen voi hakea valtion avustusta uuden hissin rakentamiseen. Avustus on enintään { $share } prosenttia hyväksytyistä kustannuksista. Osuus on yläraja, eikä sitä luvata tässä kirjeessä. Jos osuutta ei ole vielä vahvistettu vuodelle { $year }, luku on arvio: tarkistakaa se meiltä ennen kuin laskette sen varaan.
    .by_when = Vastauksella ei ole määräpäivää. Hakekaa avustusta ja odottakaa päätös ennen kuin työt alkavat.
    .silence = Kirjeeseen ei tarvitse vastata, eikä vastaamatta jättäminen vaikuta mihinkään. Avustusta voi hakea silti.
    .say_no = Jos ette halua tällaisia kirjeitä, kertokaa se meille, niin emme lähetä niitä: { $contact_name }, sähköposti { $contact_email }.

block_of_flats = Kerrostalo
    .yes = Rakennus on kerrostalo tai luhtitalo.
    .no = Rakennus ei ole kerrostalo eikä luhtitalo.
    .unknown = Rekisteristä ei selviä, onko rakennus kerrostalo tai luhtitalo.

enough_dwellings = Asuntojen määrä
    .yes = Rakennuksessa on niin monta asuntoa kuin avustus edellyttää.
    .no = Rakennuksessa on vähemmän asuntoja kuin avustus edellyttää.
    .unknown = Rekisteristä ei selviä, kuinka monta asuntoa rakennuksessa on.

enough_storeys = Kerrosten määrä
    .yes = Rakennuksessa on niin monta kerrosta kuin avustus edellyttää.
    .no = Rakennuksessa on vähemmän kerroksia kuin avustus edellyttää.
    .unknown = Rekisteristä ei selviä, kuinka monta kerrosta rakennuksessa on.

stairwell_without_lift = Hissitön porrashuone
    .yes = Rakennuksessa on porrashuone, jossa ei ole hissiä.
    .no = Rakennuksen jokaisessa porrashuoneessa on hissi.
    .unknown = Rekisteristä ei selviä, onko rakennuksen jokaisessa porrashuoneessa hissi.

has_grant = Myönnetty hissiavustus
    .yes = Rakennukselle on jo myönnetty hissiavustus vuonna { $year }.
    .no = Rakennukselle ei ole myönnetty hissiavustusta vuonna { $year }.

listed = Suojeltu rakennus
    .yes = Rakennus on suojeltu.
    .no = Rakennusta ei ole suojeltu.
