# The offer of a summer job voucher. It is the young person's own; the letter goes to the custodians, and to
# the young person in the words of `_self` from the age of 18.

voucher =
    .title = A voucher for a young person's summer job
    .title_self = A voucher for your summer job
    .who = This letter is about the young person { $subject }. Please pass it on: the voucher is the young person's own.
    .who_self = This letter is about yourself. You are of age, so it goes to you.
    .what = We offer the young person a summer job voucher. It helps to get a summer job: when the voucher is given to an employer, the city pays the employer { $to_employer } euros. The work is { $hours } hours in all, and the employer pays at least { $pay_min } euros for them. The voucher can be used once, on { $usable_from } at the earliest and on { $usable_to } at the latest. If the terms of the summer have not been decided yet, the numbers and days are estimates: check them with us.
    .what_self = We offer you a summer job voucher. It helps to get a summer job: when you give the voucher to an employer, the city pays the employer { $to_employer } euros. The work is { $hours } hours in all, and the employer pays you at least { $pay_min } euros for them. The voucher can be used once, on { $usable_from } at the earliest and on { $usable_to } at the latest. If the terms of the summer have not been decided yet, the numbers and days are estimates: check them with us.
    .by_when = The voucher is to be asked for by { $reply_by }. A reply from the young person or from one custodian is enough.
    .by_when_self = The voucher is to be asked for by { $reply_by }.
    .silence = We need a reply so that we can send the voucher. If nobody replies no voucher is sent, but nothing else happens. The young person can also ask for a voucher in person.
    .silence_self = We need a reply so that we can send the voucher. If you do not reply no voucher is sent, but nothing else happens.
    .say_no = No voucher is needed to apply for a job, and nobody has to take it. If you want no letters such as this, tell us and we will send none: { $contact_name }, e-mail { $contact_email }.
    .two_homes = Does the young person live in two homes? The right to the voucher is the same. If you would like to tell us: { $contact_name }, telephone { $contact_phone }.

lives_in_city = Municipality of residence
    .yes = { $subject } lives in Helsinki, according to the register.
    .no = { $subject } does not live in Helsinki, according to the register. A voucher can be asked for in the municipality of residence.
    .unknown = The register does not tell whether the young person's municipality of residence is Helsinki.

studies = Studies
    .yes = { $subject } is one of those who get a summer job voucher in { $year }: ninth-graders, and TUVA students who are minors.
    .no = As far as we know, { $subject } is neither in the ninth grade nor, as a minor, in TUVA education in the school year that ends in { $year }.
    .unknown = The register does not tell whether the young person is in the ninth grade or in TUVA education in the school year that ends in { $year }.

has_voucher = Summer job voucher
    .yes = { $subject } has already asked for or got a summer job voucher for { $year }.
    .no = { $subject } has not asked for or got a summer job voucher for { $year } yet.
