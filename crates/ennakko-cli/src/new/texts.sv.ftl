# Brev till en invånare. Varje ställe som börjar med SKRIV ska ännu skrivas.
# Namn tar ingen genitiv: { $subject } står alltid som det är.

service =
    .title = SKRIV: brevets rubrik
    .who = SKRIV: vem brevet gäller. Namnet är { $subject }.
    .what = SKRIV: vad staden erbjuder år { $year }.
    .by_when = SKRIV: vilken dag man ska svara senast, eller att man inte behöver svara.
    .silence = SKRIV: vad som följer av att svaret uteblir.
    .say_no = SKRIV: hur man tackar nej.

born_before = Född före året
    .yes = SKRIV: { $subject } är född före årets början.
    .no = SKRIV: { $subject } är inte född före årets början.
    .unknown = SKRIV: av registret framgår inte när { $subject } är född.

lives_in_city = Hemkommun
    .yes = SKRIV: { $subject } bor enligt registret i staden.
    .no = SKRIV: { $subject } bor enligt registret inte i staden.
    .unknown = SKRIV: det framgår inte av registret vilken hemkommunen är.
