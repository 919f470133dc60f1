# The letter about cervical cancer screening, to the person alone. The title says nothing of what it is about.

turn =
    .title = About a health service
    .who = This letter is for you only.
    .what = In { $year } it is your turn for cervical cancer screening. It is free of charge. The laboratory will send you an invitation that tells how and where the sample is taken. Screening can find early stages of cancer, so that they are treated in time. If you have symptoms, do not wait for the invitation but contact your health station.
    .by_when = You need not reply to this letter. If the invitation does not come, ask us about it: { $contact_name }, telephone { $contact_phone }.
    .silence = Not replying has no effect. You will get the invitation all the same.
    .say_no = Taking part is voluntary, and you need not give a reason. You may leave the invitation unused. If you want no letters about screening, tell us and we will send none. You can take part all the same, and you can change your mind at any time: { $contact_name }, e-mail { $contact_email }.

age_in_turn = Turn for screening
    .yes = In { $year } you are of an age at which people are invited to screening.
    .no = In { $year } you are not of an age at which people are invited to screening.
    .unknown = The register does not tell whether in { $year } you are of an age at which people are invited to screening.

registered_female = Sex in the register
    .yes = The register has your sex as female.
    .no = The register does not have your sex as female, and therefore we send no letter. The right to screening depends on what is medically justified: if you have a cervix, you can take part. Ask us.
    .unknown = The register does not tell your sex. The right to screening depends on what is medically justified: if you have a cervix, you can take part. Ask us.

lives_in_city = Municipality of residence
    .yes = You live in Helsinki, according to the register.
    .no = You do not live in Helsinki, according to the register.
    .unknown = The register does not tell whether your municipality of residence is Helsinki.

invited = Invitation
    .yes = An invitation has already been sent to you in { $year }.
    .no = No invitation has been sent to you in { $year } yet.

sampled = Sample
    .yes = Your screening sample has already been taken in { $year }.
    .no = Your screening sample has not been taken in { $year } yet.
