# The invitation to enrol in pre-primary education, to custodians. Nothing in it tells how the child is cared for now.

enrol =
    .title = Inbjudan att anmäla barnet till förskoleundervisningen
    .who = Brevet gäller ett barn som heter { $subject }.
    .what = Vi ber dig anmäla barnet till den kommunala förskoleundervisningen. Förskoleundervisningen börjar i augusti { $year } och är avgiftsfri. Anmälan görs i stadens e-tjänst eller via oss. När barnet har anmälts anvisar staden en plats enligt elevupptagningsområdet för förskoleundervisning. Till privat förskoleundervisning söker man direkt hos daghemmet.
    .by_when = Anmäl barnet senast { $reply_by }. Det räcker att en vårdnadshavare gör anmälan. Om vårdnadshavarna svarar olika tar en anställd vid staden kontakt.
    .silence = Vi behöver ett svar. Om ingen svarar har barnet kvar sin rätt till förskoleundervisning, och en anställd vid staden tar kontakt. Ingenting avgörs av att svaret uteblir.
    .say_no = Om barnet inte behöver en plats i stadens förskoleundervisning kan du meddela oss det. Det räcker att du berättar om barnet deltar i privat förskoleundervisning eller i annan verksamhet som uppnår målen för förskoleundervisningen. Barnet har kvar sin rätt till förskoleundervisning och kan anmälas också senare.
    .two_homes = Bor barnet i två hem? Berätta det för oss, så går en anställd vid staden igenom saken med vårdnadshavarna innan något beslutas: { $contact_name }, telefon { $contact_phone }.

year_before_school = Förskoleåret
    .yes = { $subject } når läropliktsåldern ett år senare, och därför börjar förskoleundervisningen år { $year }.
    .no = { $subject } är inte i förskoleåldern år { $year }.
    .unknown = Det framgår inte av registret om barnet är i förskoleåldern år { $year }.

lives_in_city = Hemkommun
    .yes = { $subject } bor enligt registret i Helsingfors.
    .no = { $subject } bor enligt registret inte i Helsingfors.
    .unknown = Det framgår inte av registret om barnets hemkommun är Helsingfors.

no_place_assigned = Anmälan behövs
    .yes = Staden anvisar ingen plats direkt, eftersom { $subject } enligt våra uppgifter inte nu är dagtid i stadens eget daghem eller i stadens familjedagvård.
    .no = { $subject } är enligt våra uppgifter dagtid i stadens eget daghem eller i stadens familjedagvård. Då anvisar staden en plats direkt.
    .unknown = Det framgår inte av registret om barnet är dagtid i stadens eget daghem eller i stadens familjedagvård.

has_place = Förskoleplats
    .yes = { $subject } har redan en förskoleplats för år { $year }.
    .no = { $subject } har ännu ingen förskoleplats för år { $year }.

enrolled = Anmälan
    .yes = Vi har redan fått en anmälan eller ansökan för år { $year }.
    .no = Vi har ännu inte fått någon anmälan eller ansökan för år { $year }.

in_school = Skolstart
    .yes = { $subject } börjar skolan redan år { $year }.
    .no = { $subject } börjar inte skolan ännu år { $year }.

lives_in_two_homes = Boende i två hem
    .yes = { $subject } bor enligt våra uppgifter växelvis i två hem.
    .no = Vi har ingen uppgift om att barnet bor växelvis i två hem.

extended_duty = Förlängd läroplikt
    .yes = { $subject } omfattas av förlängd läroplikt.
    .no = Det finns inget beslut om förlängd läroplikt.
