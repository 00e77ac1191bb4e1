package configs_test

import (
	"strings"
	"testing"
)

// Every key is told with what it is for, and no secret is.
func TestTell(t *testing.T) {
	c, err := load(t, good+"hooks: {key: another-secret-of-ours}\npacing: {cps: 2.5}\nreconcile: [5s, 1m]\n", "CARILLON_TWILIO_API_SECRET=a-third-secret")
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.Tell()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, one := range all {
		told[one.Key] = one.Value
		if one.About == "" && !strings.HasPrefix(one.Key, "twilio.") && one.Key != "web.tls_key" {
			t.Errorf("%s: nothing is said of it", one.Key)
		}
		for _, secret := range []string{"a-very-secret-token", "another-secret-of-ours", "a-third-secret"} {
			if strings.Contains(one.Value, secret) {
				t.Errorf("%s tells a secret", one.Key)
			}
		}
		if want := one.Key != "pacing.cps" && one.Key != "reconcile" && one.Key != "hooks.key" && one.Key != "caller_ids" && !strings.HasPrefix(one.Key, "twilio."); want && !one.Default {
			t.Errorf("%s is taken for changed: %q", one.Key, one.Value)
		}
	}
	for key, want := range map[string]string{
		"pacing.cps": "2.5", "twilio.auth_token": "(set)", "twilio.auth_token_previous": "", "pacing.opening_spread": "2m0s", "storage.min_free": "1GiB",
		"dial.countries": "[US, CA]", "web.trusted_proxies": "", "sign_in": "required", "reconcile": "[5s, 1m0s]",
	} {
		if told[key] != want {
			t.Errorf("%s is told as %q, want %q", key, told[key], want)
		}
	}
}
