# The invitation to register as a Culture Kid, to custodians.

invitation =
    .title = Invitation to become a Culture Kid
    .who = This letter is about the child { $subject }.
    .what = We invite the child to become a Culture Kid. Culture Kids are invited with their families to at least two events a year, free of charge, until they start school. The invitations come from a cultural sponsor, which the year of birth decides. A child takes part once a custodian has registered the child: { $contact_name }, e-mail { $contact_email }.
    .by_when = There is no last day. A child can be registered at any time before starting school.
    .silence = You need not reply to this letter. If the child is not registered, no invitations to events will come; not replying has no other effect.
    .say_no = Nobody needs to take part. If you want no letters such as this, tell us and we will send none: { $contact_name }, e-mail { $contact_email }.
    .two_homes = Does the child live in two homes? The child can take part from both. If you would like to tell us: { $contact_name }, telephone { $contact_phone }.

born_since_start = Year of birth
    .yes = { $subject } was born in a year whose children are invited to become Culture Kids.
    .no = { $subject } was born before Culture Kids were first invited.
    .unknown = The register does not tell whether the child was born in a year whose children are invited to become Culture Kids.

before_school = Before school age
    .yes = { $subject } does not reach the age of compulsory education in { $year } yet.
    .no = { $subject } reaches the age of compulsory education in { $year } at the latest. Culture Kids are invited to events until they start school.
    .unknown = The register does not tell whether the child reaches the age of compulsory education in { $year }.

lives_in_city = Municipality of residence
    .yes = { $subject } lives in Helsinki, according to the register.
    .no = { $subject } does not live in Helsinki, according to the register.
    .unknown = The register does not tell whether the child's municipality of residence is Helsinki.

registered = Registration
    .yes = { $subject } has already been registered as a Culture Kid.
    .no = { $subject } has not been registered as a Culture Kid yet.
