package acceptor

import "strconv"

// resource is what stands behind the SID in Twilio's answer to a new call:
// every field of its call resource, in its order.
const resource = `","date_created":null,"date_updated":null,"parent_call_sid":null,"account_sid":"` + AccountSID + `","to":"+13035550142",` +
	`"to_formatted":"(303) 555-0142","from":"+13035550190","from_formatted":"(303) 555-0190","phone_number_sid":"PN00000000000000000000000000000001",` +
	`"status":"queued","start_time":null,"end_time":null,"duration":null,"price":null,"price_unit":"USD","direction":"outbound-api",` +
	`"answered_by":null,"annotation":null,"api_version":"2010-04-01","forwarded_from":null,"group_sid":null,"caller_name":null,` +
	`"queue_time":"0","trunk_sid":null,"uri":"/2010-04-01/Accounts/` + AccountSID + `/Calls/CA00000000000000000000000000000000.json",` +
	`"subresource_uris":{"events":"/2010-04-01/Accounts/` + AccountSID + `/Calls/CA00000000000000000000000000000000/Events.json",` +
	`"notifications":"/2010-04-01/Accounts/` + AccountSID + `/Calls/CA00000000000000000000000000000000/Notifications.json",` +
	`"recordings":"/2010-04-01/Accounts/` + AccountSID + `/Calls/CA00000000000000000000000000000000/Recordings.json"}}`

const beforeSID = `{"sid":"`

// created appends the 201 with the resource of a new call.
func created(out []byte, sid string) []byte {
	out = append(out, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: "...)
	out = strconv.AppendInt(out, int64(len(beforeSID)+len(sid)+len(resource)), 10)
	out = append(out, "\r\n\r\n"+beforeSID...)
	out = append(out, sid...)
	return append(out, resource...)
}

func answered(out []byte, status string, body []byte) []byte {
	out = append(out, "HTTP/1.1 "...)
	out = append(out, status...)
	out = append(out, "\r\nContent-Type: text/plain\r\nContent-Length: "...)
	out = strconv.AppendInt(out, int64(len(body)), 10)
	out = append(out, "\r\n\r\n"...)
	return append(out, body...)
}
