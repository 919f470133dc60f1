# The offer of a pre-primary place, to custodians. The place stands in `.what` and nowhere else.

place =
    .title = A pre-primary place for a child starting pre-primary education
    .who = This letter is about the child { $subject }.
    .what = We offer a place in the city's pre-primary education: { $place }. Pre-primary education starts in August { $year } and is free of charge. The city's admission area for pre-primary education decides the place, which is not always the day care centre where the child is now. You can also see the proposed place in the city's online service or ask us about it.
    .what_unshown = We offer a place in the city's pre-primary education. Pre-primary education starts in August { $year } and is free of charge. The city's admission area for pre-primary education decides the place, which is not always the day care centre where the child is now. You can see the proposed place in the city's online service or ask us about it.
    .by_when = Please reply by { $reply_by }. A reply from one custodian is enough. If custodians reply differently, a member of the city's staff will get in touch.
    .silence = We need a reply. If nobody replies, the child keeps the right to a pre-primary place and a member of the city's staff will get in touch. Nothing is decided by silence.
    .say_no = If you do not want this place, reply that you do not accept it, or apply for another one. You need not give a reason. The child's right to pre-primary education remains. The child must take part in pre-primary education or in another activity that reaches its goals, and we will agree with you on how to go on.
    .two_homes = Does the child live in two homes? Tell us, and a member of the city's staff will go through the matter with the custodians before anything is decided: { $contact_name }, telephone { $contact_phone }.

year_before_school = Pre-primary year
    .yes = { $subject } reaches the age of compulsory education one year later, so pre-primary education starts in { $year }.
    .no = { $subject } is not of pre-primary age in { $year }.
    .unknown = The register does not tell whether the child is of pre-primary age in { $year }.

lives_in_city = Municipality of residence
    .yes = { $subject } lives in Helsinki, according to the register.
    .no = { $subject } does not live in Helsinki, according to the register.
    .unknown = The register does not tell whether the child's municipality of residence is Helsinki.

municipal = The city's early childhood education
    .yes = { $subject } is in the city's own early childhood education.
    .no = { $subject } is not in the city's own early childhood education, as far as we know. In that case we invite you to enrol the child.
    .unknown = The register does not tell whether the child is in the city's own early childhood education.

in_day_care = Day care centre or family day care
    .yes = { $subject } is in a day care centre or in family day care.
    .no = { $subject } is in neither a day care centre nor family day care, as far as we know. In that case we invite you to enrol the child.
    .unknown = The register does not tell whether the child is in a day care centre or in family day care.

not_on_break = No break in care
    .yes = There is no break in early childhood education.
    .no = There is a break in early childhood education. In that case we invite you to enrol the child.
    .unknown = The register does not tell whether there is a break in early childhood education.

not_round_the_clock = Early childhood education in the daytime
    .yes = { $subject } is in early childhood education in the daytime.
    .no = { $subject } needs care at other times than the daytime. In that case we invite you to enrol the child.
    .unknown = The register does not tell whether the child needs care at other times than the daytime.

has_place = Pre-primary place
    .yes = { $subject } already has a pre-primary place for { $year }.
    .no = { $subject } does not have a pre-primary place for { $year } yet.

enrolled = Enrolment
    .yes = We have already received an enrolment or an application for { $year }.
    .no = We have not received an enrolment or an application for { $year } yet.

in_school = Starting school
    .yes = { $subject } starts school in { $year } already.
    .no = { $subject } does not start school in { $year } yet.

lives_in_two_homes = Living in two homes
    .yes = { $subject } lives by turns in two homes, as far as we know.
    .no = We do not know of the child living by turns in two homes.

extended_duty = Extended compulsory education
    .yes = { $subject } has extended compulsory education.
    .no = There is no decision on extended compulsory education.
