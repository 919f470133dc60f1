# The invitation to enrol in pre-primary education, to custodians. Nothing in it tells how the child is cared for now.

enrol =
    .title = Invitation to enrol in pre-primary education
    .who = This letter is about the child { $subject }.
    .what = We invite you to enrol the child in the city's pre-primary education. Pre-primary education starts in August { $year } and is free of charge. You can enrol in the city's online service or through us. Once the child is enrolled, the city assigns a place by the admission area for pre-primary education. For private pre-primary education, apply directly to the day care centre.
    .by_when = Please enrol the child by { $reply_by }. An enrolment by one custodian is enough. If custodians reply differently, a member of the city's staff will get in touch.
    .silence = We need a reply. If nobody replies, the child keeps the right to pre-primary education and a member of the city's staff will get in touch. Nothing is decided by silence.
    .say_no = If the child does not need a place in the city's pre-primary education, tell us. It is enough to say whether the child takes part in private pre-primary education or in another activity that reaches its goals. The child's right to pre-primary education remains, and the child can be enrolled later too.
    .two_homes = Does the child live in two homes? Tell us, and a member of the city's staff will go through the matter with the custodians before anything is decided: { $contact_name }, telephone { $contact_phone }.

year_before_school = Pre-primary year
    .yes = { $subject } reaches the age of compulsory education one year later, so pre-primary education starts in { $year }.
    .no = { $subject } is not of pre-primary age in { $year }.
    .unknown = The register does not tell whether the child is of pre-primary age in { $year }.

lives_in_city = Municipality of residence
    .yes = { $subject } lives in Helsinki, according to the register.
    .no = { $subject } does not live in Helsinki, according to the register.
    .unknown = The register does not tell whether the child's municipality of residence is Helsinki.

no_place_assigned = Enrolment needed
    .yes = The city does not assign a place directly, because { $subject } is not, as far as we know, in the city's own day care centre or family day care in the daytime now.
    .no = { $subject } is, as far as we know, in the city's own day care centre or family day care in the daytime. In that case the city assigns a place directly.
    .unknown = The register does not tell whether the child is in the city's own day care centre or family day care in the daytime.

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
