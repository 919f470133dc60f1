# The invitation to register as a Culture Kid, to custodians.

invitation =
    .title = Inbjudan att bli kulturens fadderbarn
    .who = Brevet gäller ett barn som heter { $subject }.
    .what = Vi inbjuder barnet att bli kulturens fadderbarn. Ett fadderbarn bjuds med sin familj in till minst två avgiftsfria evenemang om året tills barnet börjar skolan. Inbjudningarna kommer från en kulturfadder som bestäms av födelseåret. Barnet kommer med när en vårdnadshavare anmäler det till tjänsten: { $contact_name }, e-post { $contact_email }.
    .by_when = Det finns ingen sista dag. Barnet kan anmälas när som helst innan skolan börjar.
    .silence = Du behöver inte svara på det här brevet. Om barnet inte anmäls kommer inga inbjudningar till evenemang, och det har ingen annan följd om du låter bli att svara.
    .say_no = Man behöver inte vara med. Om du inte vill ha sådana här brev kan du meddela oss det, så skickar vi inga fler: { $contact_name }, e-post { $contact_email }.
    .two_homes = Bor barnet i två hem? Barnet kan delta från båda hemmen. Om du vill berätta det för oss: { $contact_name }, telefon { $contact_phone }.

born_since_start = Födelseår
    .yes = { $subject } är född ett år då de födda bjuds in till fadderbarn.
    .no = { $subject } är född innan man började bjuda in fadderbarn.
    .unknown = Det framgår inte av registret om barnet är fött ett år då de födda bjuds in till fadderbarn.

before_school = Före skolåldern
    .yes = { $subject } når inte läropliktsåldern ännu år { $year }.
    .no = { $subject } når läropliktsåldern senast år { $year }. Fadderbarn bjuds in till evenemang tills skolan börjar.
    .unknown = Det framgår inte av registret om barnet når läropliktsåldern år { $year }.

lives_in_city = Hemkommun
    .yes = { $subject } bor enligt registret i Helsingfors.
    .no = { $subject } bor enligt registret inte i Helsingfors.
    .unknown = Det framgår inte av registret om barnets hemkommun är Helsingfors.

registered = Anmälan
    .yes = { $subject } är redan anmäld som kulturens fadderbarn.
    .no = { $subject } är ännu inte anmäld som kulturens fadderbarn.
