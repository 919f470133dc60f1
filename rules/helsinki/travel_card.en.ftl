# The offer of a travel card, to custodians, or in the words of `_self` to a pupil who is of age. Nothing in it tells how long the journey is, nor which school it leads to.

card =
    .title = Travel card for journeys to school
    .who = This letter is about the child { $subject }.
    .who_self = This letter is about yourself. You are of age, so it goes to you and not to those who had custody of you.
    .what = By our registers the child has the right to an HSL travel card for journeys to school in the school year that begins in { $year }. The card is free of charge. You need not fill in an application: a reply to this letter is enough. A separate decision is made on the card. It is handed out at school.
    .what_self = By our registers you have the right to an HSL travel card for journeys to school in the school year that begins in { $year }. The card is free of charge. You need not fill in an application: a reply to this letter is enough. A separate decision is made on the card. It is handed out at school.
    .by_when = Please reply by { $reply_by }. A reply from one custodian is enough. If custodians reply differently, a member of the city's staff will get in touch.
    .by_when_self = Please reply by { $reply_by }.
    .silence = We need a reply so that the card can be granted. If nobody replies, the right to the card remains and a member of the city's staff will get in touch. You can ask for the card later too.
    .silence_self = We need a reply so that the card can be granted. If you do not reply, the right to the card remains and a member of the city's staff will get in touch. You can ask for the card later too.
    .say_no = If the child does not need the card, reply that you do not accept it. You need not give a reason. You can ask for the card later.
    .say_no_self = If you do not need the card, reply that you do not accept it. You need not give a reason. You can ask for the card later.
    .two_homes = Does the child live in two homes? Tell us, and a member of the city's staff will go through the matter with the custodians before anything is decided: { $contact_name }, telephone { $contact_phone }.

pupil = School year
    .yes = { $subject } is in basic education in the school year that begins in { $year }.
    .no = We do not know of { $subject } being in basic education in the school year that begins in { $year }.
    .unknown = The register does not tell whether the child is in basic education in the school year that begins in { $year }.

lives_in_city = Municipality of residence
    .yes = { $subject } lives in Helsinki, according to the register.
    .no = { $subject } does not live in Helsinki, according to the register.
    .unknown = The register does not tell whether the child's municipality of residence is Helsinki.

municipal_school = School of the city
    .yes = { $subject } goes to one of the city's own schools.
    .no = { $subject } goes to a school that is not the city's own. The school that the child goes to then sees to the journeys.
    .unknown = The register does not tell whether the child's school is the city's own.

local_school = Local school
    .yes = { $subject } goes to the local school, which the city's admission area decides.
    .no = { $subject } goes to another school than the local school. A travel card can be had on some grounds all the same: apply for it at the school.
    .unknown = The register does not tell whether the child's school is the local school.

journey = Journey to school
    .yes = The journey to school meets the conditions for a travel card, as the city has measured it.
    .no = The journey to school does not meet the conditions for a travel card, as the city has measured it. If it is too hard, strenuous or dangerous for the child, tell us: a person assesses the matter.
    .unknown = The register does not tell whether the journey to school meets the conditions for a travel card.

has_card = Card applied for or granted
    .yes = A travel card has already been applied for or granted for the school year that begins in { $year }.
    .no = A travel card has not been applied for or granted yet for the school year that begins in { $year }.

lives_in_two_homes = Living in two homes
    .yes = { $subject } lives by turns in two homes, as far as we know.
    .no = We do not know of the child living by turns in two homes.

too_hard = Assessment of the journey
    .yes = We have been told that the journey to school may be too hard, strenuous or dangerous for the child.
    .no = We have not been told that the journey to school is too hard, strenuous or dangerous for the child.

other_method = Measuring the journey
    .yes = The journey to school has not been measured along a route for pedestrians yet.
    .no = The journey to school has been measured along a route for pedestrians.
