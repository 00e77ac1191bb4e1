package dashboard_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/carillon-dialer/carillon/dashboard/access"
)

var parameter = regexp.MustCompile(`:([a-z]+)`)

// Every route has one rule, every rule one route, and each that is described
// in the contract is the same.
func TestEveryRouteHasARule(t *testing.T) {
	r := newRig(t)
	r.call(200, "GET", "/healthz", "") // from here on it is served
	var ruled, described []string
	for _, rule := range access.Table() {
		ruled = append(ruled, rule.Method+" "+parameter.ReplaceAllString(rule.Path, "{$1}"))
	}
	for op := range r.contract.ops {
		described = append(described, op)
	}
	var routed []string
	for _, route := range r.server.Routes() {
		routed = append(routed, parameter.ReplaceAllString(route, "{$1}"))
	}
	for _, route := range routed {
		if !slices.Contains(ruled, route) {
			t.Errorf("%s has no rule: give it a line in dashboard/access/table.go", route)
		}
		if !slices.Contains(described, route) {
			t.Errorf("%s is not in the contract", route)
		}
	}
	for _, rule := range ruled {
		if !slices.Contains(routed, rule) {
			t.Errorf("the rule of %s is about no route", rule)
		}
	}
}
