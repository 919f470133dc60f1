# The letter about the assessment of service needs, to the person alone. Everybody of the age gets it, and it says so: it
# supposes nothing about anybody's health.

right =
    .title = About the city's services
    .who = This letter is for you.
    .what = Congratulations on turning { $age }! At this age everybody in Helsinki gains the right to ask the city for an assessment of service needs, so we tell everybody about it. We suppose nothing about how you are or whether you need help. In the assessment you go through together whether some service would be of use to you, now or later. You can ask for it yourself, and somebody close to you can do so too.
    .by_when = There is no day by which to reply. You can ask for an assessment at any time: { $contact_name }, telephone { $contact_phone }.
    .silence = You need not reply, and not replying has no effect. The right remains.
    .say_no = You need not ask for an assessment. If you do not want letters like this, tell us and we will not send them: { $contact_name }, e-mail { $contact_email }.

has_reached_age = Age
    .yes = You have reached the age from which people can ask for an assessment of service needs.
    .no = You have not yet reached the age from which people can ask for an assessment of service needs on this ground.
    .unknown = The register does not tell when you reach the age from which people can ask for an assessment of service needs.

lives_in_city = Municipality of residence
    .yes = You live in Helsinki, according to the register.
    .no = You do not live in Helsinki, according to the register.
    .unknown = The register does not tell whether your municipality of residence is Helsinki.

assessed = Assessment made
    .yes = Your service needs have been assessed this year or last year.
    .no = Your service needs have not been assessed this year or last year.
