// Package statute judges a carrier's log by the law, slowly and by itself. It
// is the second opinion about what the engine decides: it imports nothing of
// ours (a test enforces it), its tables were written from the statutes and not
// from the rule packs, local times come from the time package, and it counts
// calls by reading the log from its beginning for each of them. It is for
// tests; nothing that dials uses it.
//
// It is given what an auditor would get: the log (when, to whom, from which
// number, how long it rang), the list of people as it was imported, what people
// and operators said and when, and what the house claims about its calls.
//
// Where sources differ it reads them strictly:
//
//   - The laws of the area code and of the address hold together, and every
//     zone of both; a state with two clocks is in both.
//   - A fixed holiday that falls on a weekend closes that day and the weekday
//     on which it is observed.
//   - Alabama's hours bind everybody, not utilities alone.
//   - South Dakota is closed on Sundays for live calls too.
//   - Mississippi keeps Central time, and the federal hours hold beside it at
//     the person's own place.
//   - Utah keeps Juneteenth on its Monday and on 19 June, and Good Friday.
//   - Rhode Island's holidays on a Saturday close the Monday behind it too, as
//     they do for its officers.
//   - A prerecorded and an artificial voice are both a machine's.
//   - A subject is a campaign, and one campaign sells one thing: a cap per
//     person and subject counts every call to any number of the person.
//   - A dialer is an automated system: the states that ask for written consent
//     to those get it for every call.
//   - Texas, Pennsylvania and Rhode Island give relief to earlier customers, and
//     Oregon to those of 18 months: nobody is one.
//   - France's hours are those of the place of the address, overseas too.
//   - While a campaign has abandoned more of its live answers than a law allows,
//     the first call it abandons on a day (of UTC) ends its day: nothing else
//     brings the share down. One abandoned call is an accident until there were
//     as many answers as make it the share.
//   - Whoever hears a person, on the phone or by a message to them, has talked
//     with them: the silence behind a talk begins there.
//   - Germany's, Britain's and the house's own hours are held like law.
package statute
