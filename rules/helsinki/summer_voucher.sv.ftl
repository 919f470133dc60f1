# The offer of a summer job voucher. It is the young person's own; the letter goes to the custodians, and to
# the young person in the words of `_self` from the age of 18.

voucher =
    .title = Sommarsedel för en ung persons sommarjobb
    .title_self = Sommarsedel för ditt sommarjobb
    .who = Brevet gäller en ung person som heter { $subject }. Ge brevet vidare: sedeln är den unga personens egen.
    .who_self = Brevet gäller dig själv. Du är myndig, och därför får du brevet.
    .what = Vi erbjuder den unga personen en sommarsedel. Den hjälper till att få ett sommarjobb: när sedeln ges till en arbetsgivare betalar staden { $to_employer } euro till arbetsgivaren. Arbetet är sammanlagt { $hours } timmar, och arbetsgivaren betalar minst { $pay_min } euro i lön för dem. Sedeln kan användas en gång, tidigast { $usable_from } och senast { $usable_to }. Om villkoren för sommaren inte har beslutats ännu är siffrorna och dagarna uppskattningar: kontrollera dem med oss.
    .what_self = Vi erbjuder dig en sommarsedel. Den hjälper till att få ett sommarjobb: när du ger sedeln till en arbetsgivare betalar staden { $to_employer } euro till arbetsgivaren. Arbetet är sammanlagt { $hours } timmar, och arbetsgivaren betalar dig minst { $pay_min } euro i lön för dem. Sedeln kan användas en gång, tidigast { $usable_from } och senast { $usable_to }. Om villkoren för sommaren inte har beslutats ännu är siffrorna och dagarna uppskattningar: kontrollera dem med oss.
    .by_when = Man ber om sedeln senast { $reply_by }. Det räcker att den unga personen själv eller en vårdnadshavare svarar.
    .by_when_self = Man ber om sedeln senast { $reply_by }.
    .silence = Vi behöver ett svar för att kunna skicka sedeln. Om ingen svarar skickas ingen sedel, men ingenting annat händer. Den unga personen kan också själv be om en sedel.
    .silence_self = Vi behöver ett svar för att kunna skicka sedeln. Om du inte svarar skickas ingen sedel, men ingenting annat händer.
    .say_no = Man behöver ingen sedel för att söka jobb, och man måste inte ta emot den. Om du inte vill ha sådana här brev kan du meddela oss det, så skickar vi inga fler: { $contact_name }, e-post { $contact_email }.
    .two_homes = Bor den unga personen i två hem? Rätten till sedeln är densamma. Om du vill berätta det för oss: { $contact_name }, telefon { $contact_phone }.

lives_in_city = Hemkommun
    .yes = { $subject } bor enligt registret i Helsingfors.
    .no = { $subject } bor enligt registret inte i Helsingfors. Man kan fråga efter en sommarsedel i den egna hemkommunen.
    .unknown = Det framgår inte av registret om den unga personens hemkommun är Helsingfors.

studies = Studier
    .yes = { $subject } hör till dem som får en sommarsedel år { $year }: elever i nionde klass och minderåriga studerande i Hux-utbildning.
    .no = { $subject } går enligt våra uppgifter inte i nionde klass och inte heller som minderårig i Hux-utbildning under det läsår som slutar år { $year }.
    .unknown = Det framgår inte av registret om den unga personen går i nionde klass eller i Hux-utbildning under det läsår som slutar år { $year }.

has_voucher = Sommarsedel
    .yes = { $subject } har redan bett om eller fått en sommarsedel för år { $year }.
    .no = { $subject } har ännu inte bett om eller fått en sommarsedel för år { $year }.
