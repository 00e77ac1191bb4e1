package api

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
)

var (
	signalName  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)
	countryName = regexp.MustCompile(`^([A-Z]{2})?$`)
)

// leadPatch are the changes to a lead; what is left out stays. A null in
// Fields removes that field.
type leadPatch struct {
	Name       *string            `json:"name"`
	FirstName  *string            `json:"first_name"`
	LastName   *string            `json:"last_name"`
	Email      *string            `json:"email"`
	Status     *string            `json:"status"`
	Owner      *string            `json:"owner"`
	Zone       *string            `json:"zone"`
	PostalCode *string            `json:"postal_code"`
	State      *string            `json:"state"`
	Country    *string            `json:"country"`
	Numbers    []numberPatch      `json:"numbers"`
	Fields     map[string]*string `json:"fields"`
}

type numberPatch struct {
	Number    string `json:"number"`
	Type      string `json:"type"`
	Extension string `json:"extension"`
}

func (a *API) patchLead(ctx context.Context, r *request) (answer, error) {
	id, err := r.id(cadence.KindLead)
	if err != nil {
		return answer{}, err
	}
	var in leadPatch
	if err := decode(r.body, &in); err != nil {
		return answer{}, err
	}
	patch, err := in.checked()
	if err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, &dialer.PatchLead{Lead: id, Patch: patch}); err != nil {
		return answer{}, err
	}
	d, err := a.lead(id)
	return answer{status: http.StatusOK, body: d}, err
}

// checked turns the request into the engine's patch, within its limits.
func (in *leadPatch) checked() (dialer.LeadPatch, error) {
	out := dialer.LeadPatch{
		Name: in.Name, FirstName: in.FirstName, LastName: in.LastName, Email: in.Email, Status: in.Status, Owner: in.Owner,
		Zone: in.Zone, PostalCode: in.PostalCode, State: in.State, Country: in.Country,
	}
	given := len(in.Numbers) > 0 || len(in.Fields) > 0
	for _, f := range []struct {
		name string
		text *string
		most int
	}{
		{"name", in.Name, cadence.MaxFieldBytes},
		{"first_name", in.FirstName, cadence.MaxFieldBytes},
		{"last_name", in.LastName, cadence.MaxFieldBytes},
		{"email", in.Email, cadence.MaxFieldBytes},
		{"status", in.Status, cadence.MaxFieldBytes},
		{"owner", in.Owner, cadence.MaxFieldBytes},
		{"zone", in.Zone, 64},
		{"postal_code", in.PostalCode, 32},
		{"state", in.State, 32},
		{"country", in.Country, 2},
	} {
		given = given || f.text != nil
		if f.text != nil && len(*f.text) > f.most {
			return out, invalid(f.name, fmt.Sprintf("%s is longer than %d bytes", f.name, f.most))
		}
	}
	switch {
	case !given:
		return out, invalid("", "nothing to change: name at least one field")
	case !leadZone(out.Zone):
		return out, invalid("zone", "zone must be the IANA zone of a place, such as America/New_York, or empty")
	case in.Country != nil && !countryName.MatchString(*in.Country):
		return out, invalid("country", "country must be two capital letters, or empty")
	}
	if err := in.numbers(&out); err != nil {
		return out, err
	}
	return out, in.fields(&out)
}

// leadZone reports whether a zone is one that the permit takes for a lead's, as
// an import does, and writes it as the database has it. Of any other no zone is
// known, and nobody is called: EST is an hour off for half of the year.
func leadZone(name *string) bool {
	if name == nil || *name == "" {
		return true
	}
	zone, err := window.LeadZone(*name)
	if err == nil {
		*name = zone.String()
	}
	return err == nil
}

func (in *leadPatch) numbers(out *dialer.LeadPatch) error {
	if in.Numbers == nil {
		return nil
	}
	if len(in.Numbers) == 0 || len(in.Numbers) > cadence.MaxLeadNumbers {
		return invalid("numbers", fmt.Sprintf("numbers must list 1 to %d numbers", cadence.MaxLeadNumbers))
	}
	for i, n := range in.Numbers {
		field := fmt.Sprintf("numbers[%d]", i)
		parsed, err := number(field+".number", n.Number)
		if err != nil {
			return err
		}
		switch cadence.NumberType(n.Type) {
		case "", cadence.Mobile, cadence.Home, cadence.Work, cadence.Other:
		default:
			return invalid(field+".type", field+".type must be mobile, home, work or other")
		}
		if len(n.Extension) > cadence.MaxExtension {
			return invalid(field+".extension", fmt.Sprintf("%s.extension is longer than %d characters", field, cadence.MaxExtension))
		}
		out.Numbers = append(out.Numbers, cadence.LeadNumber{Number: parsed, Type: cadence.NumberType(n.Type), Extension: n.Extension})
	}
	return nil
}

func (in *leadPatch) fields(out *dialer.LeadPatch) error {
	if len(in.Fields) > cadence.MaxLeadFields {
		return invalid("fields", fmt.Sprintf("fields has more than %d members", cadence.MaxLeadFields))
	}
	if in.Fields != nil {
		out.Fields = make(map[string]string, len(in.Fields))
	}
	for k, v := range in.Fields {
		switch {
		case k == "" || len(k) > 256:
			return invalid("fields", "a field's name has 1 to 256 bytes")
		case v == nil:
			out.Fields[k] = ""
		case len(*v) > cadence.MaxFieldBytes:
			return invalid("fields."+k, fmt.Sprintf("fields.%s is longer than %d bytes", k, cadence.MaxFieldBytes))
		default:
			out.Fields[k] = *v
		}
	}
	return nil
}
