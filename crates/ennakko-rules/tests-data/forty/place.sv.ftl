letter_of_place =
    .title = Paikka
    .who = Kirje koskee: { $subject }.
    .what = Paikka.
    .by_when = { $reply_by }
    .silence = Ei mitään.
    .say_no = Sano ei.

right_age = right age
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

lives_in_city = lives in city
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

not_deferred = not deferred
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

may_visit = may visit
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

earns = { earns
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

grown = grown
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

flagged = flagged
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

has_place = has place
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

is_special = is special
    .yes = On.
    .no = Ei ole.
    .unknown = Ei tiedetä.

