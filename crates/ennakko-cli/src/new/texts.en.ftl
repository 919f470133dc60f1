# The letter to a resident. Every place that begins with WRITE is yet to be written.

service =
    .title = WRITE: the title of the letter
    .who = WRITE: whom the letter is about. The name is { $subject }.
    .what = WRITE: what the city offers in { $year }.
    .by_when = WRITE: by which day to reply, or that no reply is needed.
    .silence = WRITE: what follows if nobody replies.
    .say_no = WRITE: how to say no.

born_before = Born before the year
    .yes = WRITE: { $subject } was born before the year began.
    .no = WRITE: { $subject } was not born before the year began.
    .unknown = WRITE: the register does not tell when { $subject } was born.

lives_in_city = Municipality of residence
    .yes = WRITE: { $subject } lives in the city, according to the register.
    .no = WRITE: { $subject } does not live in the city, according to the register.
    .unknown = WRITE: the register does not tell the municipality of residence.
