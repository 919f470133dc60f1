# The invitation to register as a Culture Kid, to custodians.

invitation =
    .title = Kutsu kulttuurin kummilapseksi
    .who = Kirje koskee lasta, jonka nimi on { $subject }.
    .what = Kutsumme lapsen kulttuurin kummilapseksi. Kummilapsi kutsutaan perheineen vähintään kahteen maksuttomaan tapahtumaan vuodessa, kunnes hän aloittaa koulun. Kutsut tulevat kulttuurikummilta, joka määräytyy syntymävuoden mukaan. Mukaan pääsee, kun huoltaja ilmoittaa lapsen palveluun: { $contact_name }, sähköposti { $contact_email }.
    .by_when = Määräpäivää ei ole. Lapsen voi ilmoittaa milloin tahansa ennen koulun alkua.
    .silence = Tähän kirjeeseen ei tarvitse vastata. Jos lasta ei ilmoiteta, tapahtumakutsuja ei tule, eikä vastaamatta jättäminen vaikuta mihinkään muuhun.
    .say_no = Mukaan ei tarvitse lähteä. Jos et halua tällaisia kirjeitä, kerro se meille, niin emme lähetä niitä: { $contact_name }, sähköposti { $contact_email }.
    .two_homes = Asuuko lapsi kahdessa kodissa? Lapsi voi osallistua kummastakin kodista. Jos haluat kertoa siitä meille: { $contact_name }, puhelin { $contact_phone }.

born_since_start = Syntymävuosi
    .yes = { $subject } on syntynyt sellaisena vuonna, jona syntyneet kutsutaan kummilapsiksi.
    .no = { $subject } on syntynyt ennen kuin kummilapsia alettiin kutsua.
    .unknown = Rekisteristä ei selviä, onko lapsi syntynyt sellaisena vuonna, jona syntyneet kutsutaan kummilapsiksi.

before_school = Ennen kouluikää
    .yes = { $subject } ei tule oppivelvollisuusikään vielä vuonna { $year }.
    .no = { $subject } tulee oppivelvollisuusikään viimeistään vuonna { $year }. Kummilapsia kutsutaan tapahtumiin koulun alkuun asti.
    .unknown = Rekisteristä ei selviä, tuleeko lapsi oppivelvollisuusikään vuonna { $year }.

lives_in_city = Kotikunta
    .yes = { $subject } asuu rekisterin mukaan Helsingissä.
    .no = { $subject } ei asu rekisterin mukaan Helsingissä.
    .unknown = Rekisteristä ei selviä, onko lapsen kotikunta Helsinki.

registered = Ilmoittautuminen
    .yes = { $subject } on jo ilmoitettu kulttuurin kummilapseksi.
    .no = Lasta, jonka nimi on { $subject }, ei ole vielä ilmoitettu kulttuurin kummilapseksi.
