# The letter about voting, to the person alone. It does not say why just this person gets it: first time, or citizenship.

elections =
    .title = About the municipal elections
    .who = This letter is for you.
    .what = You can vote in the municipal elections. Election day is { $election_day }. You can also vote in advance from { $advance_from } to { $advance_to } at any general advance polling station. On election day you vote at your own polling station: { $place }. You need not register to vote. Take proof of identity with you. The official notice of the right to vote is sent by the Digital and Population Data Services Agency.
    .what_unshown = You can vote in the municipal elections. Election day is { $election_day }. You can also vote in advance from { $advance_from } to { $advance_to } at any general advance polling station. On election day you vote at your own polling station, which stands in the notice of the right to vote from the Digital and Population Data Services Agency. You need not register to vote. Take proof of identity with you.
    .by_when = Vote in advance by { $advance_to }, or on election day, { $election_day }. You need not reply to this letter.
    .silence = Not replying has no effect. Your right to vote remains.
    .say_no = Voting is voluntary. If you want no letters such as this, tell us and we will send none. It does not affect your right to vote: { $contact_name }, e-mail { $contact_email }.

old_enough = Voting age
    .yes = You have reached voting age on election day.
    .no = You have not reached voting age on election day yet.
    .unknown = The register does not tell whether you have reached voting age on election day.

of_age = Of age
    .yes = You are of age, so we write to you in person.
    .no = You are not of age yet. The letter comes on the day you come of age, if that is election day or earlier.
    .unknown = The register does not tell whether you are of age.

lived_here = Municipality of residence
    .yes = Your municipality of residence was Helsinki on { $residence_day }. That day decides in which municipality's elections you vote.
    .no = Your municipality of residence was not Helsinki on { $residence_day }. That day decides in which municipality's elections you vote.
    .unknown = The register does not tell whether your municipality of residence was Helsinki on { $residence_day }.

right_to_vote = Right to vote
    .yes = You have the right to vote in the municipal elections.
    .no = As far as we know, the conditions for the right to vote are not met. The voting register decides, which the Digital and Population Data Services Agency keeps.
    .unknown = The register does not tell whether you have the right to vote in the municipal elections. The voting register decides, which the Digital and Population Data Services Agency keeps.

first_or_foreign = Whom we write to
    .yes = We write to those for whom something may be new in these elections.
    .no = We write only to those for whom something may be new in these elections. It does not affect your right to vote.
    .unknown = The register does not tell whether you are one of those we write to. It does not affect your right to vote.
