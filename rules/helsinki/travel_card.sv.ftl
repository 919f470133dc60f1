# The offer of a travel card, to custodians, or in the words of `_self` to a pupil who is of age. Nothing in it tells how long the journey is, nor which school it leads to.

card =
    .title = Resekort för skolresor
    .who = Brevet gäller ett barn som heter { $subject }.
    .who_self = Brevet gäller dig själv. Du är myndig, och därför får du brevet och inte dina tidigare vårdnadshavare.
    .what = Enligt våra uppgifter har barnet rätt till HRT:s resekort för skolresorna under det läsår som börjar år { $year }. Kortet är avgiftsfritt. Du behöver inte fylla i någon ansökan: det räcker att du svarar på det här brevet. Ett separat beslut fattas om kortet. Kortet hämtas i skolan.
    .what_self = Enligt våra uppgifter har du rätt till HRT:s resekort för skolresorna under det läsår som börjar år { $year }. Kortet är avgiftsfritt. Du behöver inte fylla i någon ansökan: det räcker att du svarar på det här brevet. Ett separat beslut fattas om kortet. Kortet hämtas i skolan.
    .by_when = Svara senast { $reply_by }. Det räcker att en vårdnadshavare svarar. Om vårdnadshavarna svarar olika tar en anställd vid staden kontakt.
    .by_when_self = Svara senast { $reply_by }.
    .silence = Vi behöver ett svar för att kortet ska kunna beviljas. Om ingen svarar kvarstår rätten till kortet, och en anställd vid staden tar kontakt. Man kan be om kortet också senare.
    .silence_self = Vi behöver ett svar för att kortet ska kunna beviljas. Om du inte svarar kvarstår rätten till kortet, och en anställd vid staden tar kontakt. Man kan be om kortet också senare.
    .say_no = Om barnet inte behöver kortet kan du svara att du tackar nej. Du behöver inte ange någon orsak. Man kan be om kortet senare.
    .say_no_self = Om du inte behöver kortet kan du svara att du tackar nej. Du behöver inte ange någon orsak. Man kan be om kortet senare.
    .two_homes = Bor barnet i två hem? Berätta det för oss, så går en anställd vid staden igenom saken med vårdnadshavarna innan något beslutas: { $contact_name }, telefon { $contact_phone }.

pupil = Läsåret
    .yes = { $subject } deltar i den grundläggande utbildningen under det läsår som börjar år { $year }.
    .no = Vi har ingen uppgift om att { $subject } deltar i den grundläggande utbildningen under det läsår som börjar år { $year }.
    .unknown = Det framgår inte av registret om barnet deltar i den grundläggande utbildningen under det läsår som börjar år { $year }.

lives_in_city = Hemkommun
    .yes = { $subject } bor enligt registret i Helsingfors.
    .no = { $subject } bor enligt registret inte i Helsingfors.
    .unknown = Det framgår inte av registret om barnets hemkommun är Helsingfors.

municipal_school = Stadens skola
    .yes = { $subject } går i en av stadens egna skolor.
    .no = { $subject } går i en skola som inte är stadens egen. Då svarar den skola som barnet går i för skolresorna.
    .unknown = Det framgår inte av registret om barnets skola är stadens egen.

local_school = Närskola
    .yes = { $subject } går i sin närskola, som bestäms av stadens elevupptagningsområde.
    .no = { $subject } går i en annan skola än närskolan. På vissa grunder kan man ändå få ett resekort: ansök om det via skolan.
    .unknown = Det framgår inte av registret om barnets skola är närskolan.

journey = Skolresan
    .yes = Skolresan uppfyller villkoren för resekort, så som staden har mätt den.
    .no = Skolresan uppfyller inte villkoren för resekort, så som staden har mätt den. Om resan är för svår, ansträngande eller farlig för barnet kan du berätta det för oss: en människa bedömer saken.
    .unknown = Det framgår inte av registret om skolresan uppfyller villkoren för resekort.

has_card = Sökt eller beviljat kort
    .yes = Resekort har redan sökts eller beviljats för det läsår som börjar år { $year }.
    .no = Resekort har ännu inte sökts eller beviljats för det läsår som börjar år { $year }.

lives_in_two_homes = Boende i två hem
    .yes = { $subject } bor enligt våra uppgifter växelvis i två hem.
    .no = Vi har ingen uppgift om att barnet bor växelvis i två hem.

too_hard = Bedömning av skolresan
    .yes = Vi har fått veta att skolresan kan vara för svår, ansträngande eller farlig för barnet.
    .no = Vi har inte fått veta att skolresan är för svår, ansträngande eller farlig för barnet.

other_method = Mätning av skolresan
    .yes = Skolresan har ännu inte mätts längs en väg för fotgängare.
    .no = Skolresan har mätts längs en väg för fotgängare.
