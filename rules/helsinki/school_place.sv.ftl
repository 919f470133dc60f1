# The offer of a school place, to custodians. The school stands in `.what` and nowhere else.

place =
    .title = Skolplats för ett barn som börjar den grundläggande utbildningen
    .who = Brevet gäller ett barn som heter { $subject }.
    .what = Vi erbjuder barnet en plats i närskolan: { $place }. Skolan börjar { $starts }. Närskolan bestäms enligt stadens elevupptagningsområde. Du ser den föreslagna skolan också i stadens e-tjänst, och du kan fråga oss om den.
    .what_unshown = Vi erbjuder barnet en plats i närskolan. Skolan börjar { $starts }. Närskolan bestäms enligt stadens elevupptagningsområde. Kontakta oss om du har frågor om platsen.
    .by_when = Svara senast { $reply_by }. Det räcker att en vårdnadshavare svarar. Om vårdnadshavarna svarar olika tar en anställd vid staden kontakt.
    .silence = Vi behöver ett svar. Om ingen svarar har barnet kvar sin rätt till en skolplats, och en anställd vid staden tar kontakt. Ingenting avgörs av att svaret uteblir.
    .say_no = Om du inte vill ha den här platsen kan du svara att du tackar nej. Du behöver inte ange någon orsak. Barnets rätt till grundläggande utbildning och läroplikten kvarstår, och vi kommer överens med dig om hur ärendet går vidare.
    .two_homes = Bor barnet i två hem? Berätta det för oss, så går en anställd vid staden igenom saken med vårdnadshavarna innan något beslutas: { $contact_name }, telefon { $contact_phone }.

starts_this_year = Året då skolan börjar
    .yes = { $subject } når läropliktsåldern år { $year }.
    .no = { $subject } når inte läropliktsåldern år { $year }.
    .unknown = Det framgår inte av registret om barnet når läropliktsåldern år { $year }.

lives_in_city = Hemkommun
    .yes = { $subject } bor enligt registret i Helsingfors.
    .no = { $subject } bor enligt registret inte i Helsingfors.
    .unknown = Det framgår inte av registret om barnets hemkommun är Helsingfors.

not_deferred = Skolstart i vanlig tid
    .yes = { $subject } börjar skolan i vanlig tid: det finns inget beslut om att skjuta upp skolstarten.
    .no = { $subject } börjar skolan senare: det finns ett beslut om att skjuta upp skolstarten.
    .unknown = Det framgår inte av registret om det finns ett beslut om att skjuta upp skolstarten.

has_place = Skolplats
    .yes = { $subject } har redan en skolplats för år { $year }.
    .no = { $subject } har ännu ingen skolplats för år { $year }.

lives_in_two_homes = Boende i två hem
    .yes = { $subject } bor enligt våra uppgifter växelvis i två hem.
    .no = Vi har ingen uppgift om att barnet bor växelvis i två hem.

extended_duty = Förlängd läroplikt
    .yes = { $subject } omfattas av förlängd läroplikt.
    .no = Det finns inget beslut om förlängd läroplikt.
