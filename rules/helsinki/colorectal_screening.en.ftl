# The letter about colorectal cancer screening, to the person alone. The title says nothing of what it is about.

turn =
    .title = About a health service
    .who = This letter is for you only.
    .what = In { $year } it is your turn for colorectal cancer screening. It is free of charge. The laboratory will send you an invitation, a sampling kit and instructions by post by November. You take the sample yourself at home, and no preparation is needed. If you have symptoms, do not wait for the invitation but contact your health station.
    .by_when = You need not reply to this letter. If the invitation has not come by the end of November, ask us about it: { $contact_name }, telephone { $contact_phone }.
    .silence = Not replying has no effect. You will get the invitation all the same.
    .say_no = Taking part is voluntary, and you need not give a reason. You may leave the invitation unused. If you want no letters about screening, tell us and we will send none. You can take part all the same, and you can change your mind at any time: { $contact_name }, e-mail { $contact_email }.

born_in_turn = Turn for screening
    .yes = Your year of birth is in turn for screening in { $year }.
    .no = Your year of birth is not in turn for screening in { $year }.
    .unknown = The register does not tell whether your year of birth is in turn for screening in { $year }.

lives_in_city = Municipality of residence
    .yes = You live in Helsinki, according to the register.
    .no = You do not live in Helsinki, according to the register.
    .unknown = The register does not tell whether your municipality of residence is Helsinki.

invited = Invitation
    .yes = An invitation has already been sent to you in { $year }.
    .no = No invitation has been sent to you in { $year } yet.

sampled = Sample
    .yes = Your screening sample has already arrived in { $year }.
    .no = Your screening sample has not arrived in { $year } yet.
