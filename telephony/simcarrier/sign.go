package simcarrier

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio's webhook signature is defined as HMAC-SHA1.
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// sign makes X-Twilio-Signature: the base64 of HMAC-SHA1, keyed with the
// account's token, over the URL as requested (without fragment) and, for a
// form, its parameters sorted by name, each name followed by its value.
func sign(token, target string, form url.Values) string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = mac.Write([]byte(target))
	for _, name := range names {
		for _, value := range form[name] {
			_, _ = mac.Write([]byte(name + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// attemptToken reads the attempt's id from a path of the form
// /twilio/{kind}/{attempt}/{mac}, wherever in the path it stands. It is empty
// for URLs of another form.
func attemptToken(target string) string {
	_, rest, ok := strings.Cut(target, "/twilio/")
	if !ok {
		return ""
	}
	parts := strings.Split(rest, "/")
	if len(parts) < 3 {
		return ""
	}
	return parts[1]
}
