# The offer of a school place, to custodians. The school stands in `.what` and nowhere else.

place =
    .title = A school place for a child starting basic education
    .who = This letter is about the child { $subject }.
    .what = We offer a place in the child's local school: { $place }. School starts on { $starts }. The city's admission area decides which school is the local school. You can also see the proposed school in the city's online service or ask us about it.
    .what_unshown = We offer a place in the child's local school. School starts on { $starts }. The city's admission area decides which school is the local school. Please contact us if you have questions about the place.
    .by_when = Please reply by { $reply_by }. A reply from one custodian is enough. If custodians reply differently, a member of the city's staff will get in touch.
    .silence = We need a reply. If nobody replies, the child keeps the right to a school place and a member of the city's staff will get in touch. Nothing is decided by silence.
    .say_no = If you do not want this place, reply that you do not accept it. You need not give a reason. The child's right to basic education and compulsory education remain, and we will agree with you on how to go on.
    .two_homes = Does the child live in two homes? Tell us, and a member of the city's staff will go through the matter with the custodians before anything is decided: { $contact_name }, telephone { $contact_phone }.

starts_this_year = Year of starting school
    .yes = { $subject } reaches the age of compulsory education in { $year }.
    .no = { $subject } does not reach the age of compulsory education in { $year }.
    .unknown = The register does not tell whether the child reaches the age of compulsory education in { $year }.

lives_in_city = Municipality of residence
    .yes = { $subject } lives in Helsinki, according to the register.
    .no = { $subject } does not live in Helsinki, according to the register.
    .unknown = The register does not tell whether the child's municipality of residence is Helsinki.

not_deferred = Starting school at the usual time
    .yes = { $subject } starts school at the usual time: there is no decision to put off the start.
    .no = { $subject } starts school later: there is a decision to put off the start.
    .unknown = The register does not tell whether there is a decision to put off the start of school.

has_place = School place
    .yes = { $subject } already has a school place for { $year }.
    .no = { $subject } does not have a school place for { $year } yet.

lives_in_two_homes = Living in two homes
    .yes = { $subject } lives by turns in two homes, as far as we know.
    .no = We do not know of the child living by turns in two homes.

extended_duty = Extended compulsory education
    .yes = { $subject } has extended compulsory education.
    .no = There is no decision on extended compulsory education.
