# The offer of a pre-primary place, to custodians. The place stands in `.what` and nowhere else.

place =
    .title = Förskoleplats för ett barn som börjar i förskoleundervisningen
    .who = Brevet gäller ett barn som heter { $subject }.
    .what = Vi erbjuder barnet en plats i den kommunala förskoleundervisningen: { $place }. Förskoleundervisningen börjar i augusti { $year } och är avgiftsfri. Platsen bestäms enligt stadens elevupptagningsområde för förskoleundervisning, och den är inte alltid i samma daghem där barnet är nu. Du ser den föreslagna platsen också i stadens e-tjänst, och du kan fråga oss om den.
    .what_unshown = Vi erbjuder barnet en plats i den kommunala förskoleundervisningen. Förskoleundervisningen börjar i augusti { $year } och är avgiftsfri. Platsen bestäms enligt stadens elevupptagningsområde för förskoleundervisning, och den är inte alltid i samma daghem där barnet är nu. Du ser den föreslagna platsen i stadens e-tjänst, och du kan fråga oss om den.
    .by_when = Svara senast { $reply_by }. Det räcker att en vårdnadshavare svarar. Om vårdnadshavarna svarar olika tar en anställd vid staden kontakt.
    .silence = Vi behöver ett svar. Om ingen svarar har barnet kvar sin rätt till en förskoleplats, och en anställd vid staden tar kontakt. Ingenting avgörs av att svaret uteblir.
    .say_no = Om du inte vill ha den här platsen kan du svara att du tackar nej eller ansöka om en annan plats för barnet. Du behöver inte ange någon orsak. Barnet har kvar sin rätt till förskoleundervisning. Barnet ska delta i förskoleundervisning eller i annan verksamhet som uppnår målen för den, och vi kommer överens med dig om hur ärendet går vidare.
    .two_homes = Bor barnet i två hem? Berätta det för oss, så går en anställd vid staden igenom saken med vårdnadshavarna innan något beslutas: { $contact_name }, telefon { $contact_phone }.

year_before_school = Förskoleåret
    .yes = { $subject } når läropliktsåldern ett år senare, och därför börjar förskoleundervisningen år { $year }.
    .no = { $subject } är inte i förskoleåldern år { $year }.
    .unknown = Det framgår inte av registret om barnet är i förskoleåldern år { $year }.

lives_in_city = Hemkommun
    .yes = { $subject } bor enligt registret i Helsingfors.
    .no = { $subject } bor enligt registret inte i Helsingfors.
    .unknown = Det framgår inte av registret om barnets hemkommun är Helsingfors.

municipal = Kommunal småbarnspedagogik
    .yes = { $subject } deltar i den kommunala småbarnspedagogiken.
    .no = { $subject } deltar enligt våra uppgifter inte i den kommunala småbarnspedagogiken. Då ber vi om en anmälan till förskoleundervisningen.
    .unknown = Det framgår inte av registret om barnet deltar i den kommunala småbarnspedagogiken.

in_day_care = Daghem eller familjedagvård
    .yes = { $subject } är i daghem eller familjedagvård.
    .no = { $subject } är enligt våra uppgifter varken i daghem eller i familjedagvård. Då ber vi om en anmälan till förskoleundervisningen.
    .unknown = Det framgår inte av registret om barnet är i daghem eller familjedagvård.

not_on_break = Vården fortgår
    .yes = Det pågår inget avbrott i småbarnspedagogiken.
    .no = Det pågår ett avbrott i småbarnspedagogiken. Då ber vi om en anmälan till förskoleundervisningen.
    .unknown = Det framgår inte av registret om det pågår ett avbrott i småbarnspedagogiken.

not_round_the_clock = Småbarnspedagogik dagtid
    .yes = { $subject } deltar i småbarnspedagogiken dagtid.
    .no = { $subject } behöver skiftomsorg. Då ber vi om en anmälan till förskoleundervisningen.
    .unknown = Det framgår inte av registret om barnet behöver skiftomsorg.

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
