package leadfile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
)

// builder makes a lead of the values of one row.
type builder struct {
	region string // default for numbers

	lead    cadence.Lead
	consent cadence.ConsentRecord
	agreed  string // the first column that says something of a consent
	zone    string // column names, for errors
	country string
	phones  []phone
	fault   *RowError
}

// phone is a number as written.
type phone struct {
	column    string
	text      string
	kind      cadence.NumberType
	extension string
}

func (b *builder) start() {
	*b = builder{region: b.region, phones: b.phones[:0]}
}

// fail keeps the first thing that is wrong.
func (b *builder) fail(column, code, message, remedy string) {
	if b.fault == nil {
		b.fault = &RowError{Column: column, Code: code, Message: message, Remedy: remedy}
	}
}

// set gives a value to a field. Values of blanks only count as absent; all but
// extra fields are trimmed.
func (b *builder) set(to target, column, value string) {
	trimmed := strings.TrimSpace(value)
	if trimmed == "" {
		return
	}
	l := &b.lead
	switch to {
	case toNothing, toNumbers, toFields:
	case toExtra:
		b.extra(column, value)
	case toExternalID:
		l.ExternalID = trimmed
	case toName:
		l.Name = trimmed
	case toFirstName:
		l.FirstName = trimmed
	case toLastName:
		l.LastName = trimmed
	case toEmail:
		l.Email = trimmed
	case toStatus:
		l.Status = trimmed
	case toOwner:
		l.Owner = trimmed
	case toZone:
		l.Zone, b.zone = trimmed, column
	case toPostalCode:
		l.PostalCode = trimmed
	case toState:
		l.State = trimmed
	case toCountry:
		l.Country, b.country = trimmed, column
	case toConsentKind, toConsentAt, toConsentSource, toConsentSeller, toConsentProof:
		b.agree(to, column, trimmed)
	default:
		b.phones = append(b.phones, phone{column: column, text: trimmed, kind: numberTypes[to-toPhone]})
	}
}

var numberTypes = [...]cadence.NumberType{"", cadence.Mobile, cadence.Home, cadence.Work, cadence.Other}

func (b *builder) extra(name, value string) {
	if b.lead.Fields == nil {
		b.lead.Fields = make(map[string]string)
	}
	if _, ok := b.lead.Fields[name]; ok {
		b.fail(name, "row.duplicate", "the field stands twice", "leave one of them out")
	}
	b.lead.Fields[name] = value
	if len(b.lead.Fields) > cadence.MaxLeadFields {
		b.fail(name, "lead.too_many_fields", fmt.Sprintf("the lead has more than %d extra fields", cadence.MaxLeadFields), "map columns you do not need to "+Ignore)
	}
}

// row finishes the lead.
func (b *builder) row(line int) Row {
	b.place()
	b.numbers()
	b.agreement()
	if l := &b.lead; l.Name == "" {
		l.Name = strings.TrimSpace(l.FirstName + " " + l.LastName)
	}
	if b.fault != nil {
		b.fault.Line = line
		return Row{Line: line, Err: b.fault}
	}
	row := Row{Line: line, Lead: b.lead}
	if b.agreed != "" {
		consent := b.consent
		row.Consent = &consent
	}
	return row
}

// place checks and normalises where the lead is.
func (b *builder) place() {
	l := &b.lead
	if l.Zone != "" {
		zone, err := window.LeadZone(l.Zone)
		if err != nil {
			b.fail(b.zone, "lead.zone", "the time zone is not one of the tz database", "write it as America/New_York, or map the column to "+Extra)
			return
		}
		l.Zone = zone.String()
	}
	if l.Country != "" {
		code, ok := countryCode(l.Country)
		if !ok {
			b.fail(b.country, "lead.country", "the country is not a two-letter code", "write it as US, or map the column to "+Extra)
			return
		}
		l.Country = code
	}
	l.State = strings.ToUpper(l.State)
	if _, code, ok := window.State(l.Country, l.State); ok {
		l.State = code
	}
}

// countryNames are names people write where a code belongs.
var countryNames = map[string]string{
	"USA": "US", "U.S.": "US", "U.S.A.": "US", "UNITED STATES": "US", "UNITED STATES OF AMERICA": "US",
	"CAN": "CA", "CANADA": "CA", "GBR": "GB", "UK": "GB", "UNITED KINGDOM": "GB", "GREAT BRITAIN": "GB",
	"AUSTRALIA": "AU", "GERMANY": "DE", "DEUTSCHLAND": "DE", "FRANCE": "FR", "SPAIN": "ES", "ESPAÑA": "ES",
	"ITALY": "IT", "ITALIA": "IT", "INDIA": "IN", "IRELAND": "IE", "MEXICO": "MX", "MÉXICO": "MX", "BRAZIL": "BR",
	"NETHERLANDS": "NL", "AUSTRIA": "AT", "SWITZERLAND": "CH", "PUERTO RICO": "PR",
}

func countryCode(text string) (string, bool) {
	text = strings.ToUpper(text)
	if code, ok := countryNames[text]; ok {
		return code, true
	}
	return text, len(text) == 2 && len(window.CountryZones(text)) > 0
}

// maxPhones is how many numbers of a row are looked at, repeats included.
const maxPhones = 100

// numbers reads the telephone numbers. One that stands twice is kept once,
// where it stands first, with the type that is known.
func (b *builder) numbers() {
	if len(b.phones) > maxPhones {
		b.fail("", "lead.too_many_numbers", fmt.Sprintf("the row has more than %d telephone numbers", maxPhones), "map phone columns you do not need to "+Ignore)
		return
	}
	region := b.region
	if b.lead.Country != "" {
		region = b.lead.Country
	}
	for _, p := range b.phones {
		n, ext, err := cadence.ParseNumber(unwrap(p.text), region)
		if fault, ok := errors.AsType[*cadence.NumberError](err); ok {
			b.fail(p.column, fault.Code, fault.Message, fault.Remedy)
			return
		}
		switch {
		case len(p.extension) > cadence.MaxExtension:
			b.fail(p.column, "number.extension", fmt.Sprintf("the extension is longer than %d characters", cadence.MaxExtension), "shorten it, or leave it out")
			return
		case ext == "":
			ext = p.extension
		case p.extension != "" && p.extension != ext:
			b.fail(p.column, "number.extension", "the number and its extension name two extensions", "leave one of them out")
			return
		}
		b.number(cadence.LeadNumber{Number: n, Type: p.kind, Extension: ext})
	}
	switch n := len(b.lead.Numbers); {
	case n == 0:
		b.fail("", "lead.no_number", "the lead has no telephone number", "fill one of the phone columns")
	case n > cadence.MaxLeadNumbers:
		b.fail("", "lead.too_many_numbers", fmt.Sprintf("the lead has more than %d telephone numbers", cadence.MaxLeadNumbers), "map phone columns you do not need to "+Ignore)
	}
}

func (b *builder) number(n cadence.LeadNumber) {
	if b.lead.Numbers == nil {
		b.lead.Numbers = make([]cadence.LeadNumber, 0, len(b.phones))
	}
	for i := range b.lead.Numbers {
		if have := &b.lead.Numbers[i]; have.Number == n.Number && have.Extension == n.Extension {
			if have.Type == "" {
				have.Type = n.Type
			}
			return
		}
	}
	b.lead.Numbers = append(b.lead.Numbers, n)
}

// unwrap takes off ="…", with which spreadsheets are told that digits are text.
func unwrap(text string) string {
	if inner, ok := strings.CutPrefix(text, `="`); ok && strings.HasSuffix(inner, `"`) {
		return strings.TrimSuffix(inner, `"`)
	}
	return text
}

// knownType finds a number's type by the name JSON gives it.
func knownType(name string) (cadence.NumberType, bool) {
	kind := cadence.NumberType(strings.ToLower(name))
	return kind, slices.Contains(numberTypes[:], kind)
}

// extras adds fields given as an object.
func (b *builder) extras(fields map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if strings.TrimSpace(fields[name]) != "" {
			b.extra(name, fields[name])
		}
	}
}
