package leadfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Column is a column of a CSV file: its name as in the header, and the field
// its values go to (see Guess; Extra or Ignore).
type Column struct {
	Name  string
	Field string
}

// Fields that are no property of a lead.
const (
	Extra  = "extra"  // kept under the column's own name
	Ignore = "ignore" // dropped
)

// target is a field a value can go to.
type target uint8

const (
	toNothing target = iota
	toExtra
	toExternalID
	toName
	toFirstName
	toLastName
	toEmail
	toStatus
	toOwner
	toZone
	toPostalCode
	toState
	toCountry
	toConsentKind
	toConsentAt
	toConsentSource
	toConsentSeller
	toConsentProof
	toPhone // and those after it
	toMobile
	toHome
	toWork
	toOther
	toNumbers // JSON only
	toFields  // JSON only
)

var targets = map[string]target{
	Ignore: toNothing, Extra: toExtra,
	"external_id": toExternalID, "name": toName, "first_name": toFirstName, "last_name": toLastName,
	"email": toEmail, "status": toStatus, "owner": toOwner, "zone": toZone,
	"postal_code": toPostalCode, "state": toState, "country": toCountry,
	"consent_kind": toConsentKind, "consent_at": toConsentAt, "consent_source": toConsentSource, "consent_seller": toConsentSeller,
	"consent_proof": toConsentProof,
	"phone":         toPhone, "phone.mobile": toMobile, "phone.home": toHome, "phone.work": toWork, "phone.other": toOther,
}

// Fields lists the fields a column can be mapped to, sorted.
func Fields() []string {
	var names []string
	for name := range targets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// aliases are the names CRM systems and people give to columns, folded.
var aliases = foldedAliases(map[string]string{
	"external_id": "id, record id, lead id, contact id, external id, customer id, crm id, uuid",
	"name":        "name, full name, lead name, contact name, customer name",
	"first_name":  "first name, given name, forename, fname, vorname, prénom",
	"last_name":   "last name, surname, family name, lname, nachname",
	"email":       "email, e-mail, email address, primary email, mail",
	"status":      "status, lead status, contact status",
	"owner":       "owner, lead owner, record owner, contact owner, owner name, sales rep, assigned to",
	"zone":        "zone, time zone, iana time zone, local time zone, tz",
	"postal_code": "postal code, zip, zip code, post code, zip/postal code, mailing zip, mailing zip/postal code, mailing postal code, plz",
	"state":       "state, state code, province, state/province, state/region, mailing state, mailing state/province",
	"country":     "country, country code, country/region, mailing country, country iso code",
	// Only their own names: a column that merely sounds like consent must not
	// be taken for a record of it.
	"consent_kind": "consent kind", "consent_at": "consent at", "consent_source": "consent source",
	"consent_seller": "consent seller", "consent_proof": "consent proof",
	"phone":        "phone, phone number, telephone, telephone number, tel, primary phone, main phone, contact phone, number e164, phone e164",
	"phone.mobile": "mobile, mobile phone, mobile number, mobile phone number, cell, cell phone, cell number, cellular, phone (mobile), handy",
	"phone.home":   "home phone, home telephone, home number, home phone number, phone (home)",
	"phone.work":   "work phone, business phone, office phone, company phone, direct phone, work number, work phone number, business telephone, phone (work), direct line",
	"phone.other":  "other phone, alternate phone, alternative phone, alt phone, secondary phone, phone (other)",
})

func foldedAliases(fields map[string]string) map[string]string {
	folded := make(map[string]string)
	for field, names := range fields {
		for name := range strings.SplitSeq(names, ", ") {
			folded[fold(name)] = field
		}
	}
	return folded
}

// fold keeps the letters and digits of a name, in lower case.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// fieldNamed is the field a column's name suggests, "" for none. Telephone
// columns may be numbered: "Phone 2".
func fieldNamed(column string) string {
	name := fold(column)
	if field, ok := aliases[name]; ok {
		return field
	}
	field := aliases[strings.TrimRight(name, "0123456789")]
	if strings.HasPrefix(field, "phone") {
		return field
	}
	return ""
}

// Guess proposes the field of each column of a header whose name it knows,
// comparing letters and digits in any case. Fields that are not telephone
// numbers are given to the first column that fits; further ones, and columns
// it does not know, are left out and will be kept as extra fields.
func Guess(header []string) map[string]string {
	mapping, taken := make(map[string]string), make(map[string]bool)
	for _, column := range header {
		field := fieldNamed(column)
		if field == "" || taken[field] {
			continue
		}
		mapping[column] = field
		taken[field] = !isPhone(targets[field])
	}
	return mapping
}

func isPhone(t target) bool { return t >= toPhone && t <= toOther }

// checkMapping refuses fields there are not, two columns for one field, and a
// column that is mapped twice, in another case.
func checkMapping(mapping map[string]string) error {
	taken, written := make(map[string]string), make(map[string]string)
	for _, column := range slices.Sorted(maps.Keys(mapping)) {
		field, name := mapping[column], strings.ToLower(strings.TrimSpace(column))
		if other, ok := written[name]; ok {
			return &FileError{"file.mapping", fmt.Sprintf("columns %q and %q of the mapping are one: case and blanks around a name do not count", other, column), "leave one of them out"}
		}
		written[name] = column
		t, ok := targets[field]
		if !ok {
			return &FileError{"file.mapping", fmt.Sprintf("column %q is mapped to %q, which is no field", column, field), "use one of " + strings.Join(Fields(), ", ")}
		}
		if other, ok := taken[field]; ok && t > toExtra && !isPhone(t) {
			return &FileError{"file.mapping", fmt.Sprintf("columns %q and %q are both mapped to %q", other, column, field), "map one of them to " + Extra}
		}
		taken[field] = column
	}
	return nil
}

// assign is place for a file that can be read: some column holds numbers.
func assign(names []string, mapping map[string]string) ([]Column, []target, error) {
	columns, to, err := place(names, mapping)
	if err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(to, isPhone) {
		return nil, nil, &FileError{"file.no_phone", "no column holds telephone numbers", "name a column Phone, or map one to phone"}
	}
	return columns, to, nil
}

// place decides where each column's values go: by the mapping, else by the
// guess among fields the mapping does not use, else as an extra field.
func place(names []string, mapping map[string]string) ([]Column, []target, error) {
	told, taken := make(map[string]string), make(map[string]bool)
	for column, field := range mapping {
		told[strings.ToLower(strings.TrimSpace(column))] = field
		taken[field] = !isPhone(targets[field])
	}
	if err := checkNames(names, told); err != nil {
		return nil, nil, err
	}
	guess := Guess(slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, is := told[strings.ToLower(name)]
		return is
	}))
	columns, to := make([]Column, len(names)), make([]target, len(names))
	for i, name := range names {
		field, ok := told[strings.ToLower(name)]
		if !ok {
			field = guess[name]
			if field == "" || taken[field] {
				field = Extra
			}
		}
		columns[i], to[i] = Column{name, field}, targets[field]
	}
	return columns, to, nil
}

// checkNames refuses columns of the same name, and a mapping of columns that
// are not there.
func checkNames(names []string, told map[string]string) error {
	seen := make(map[string]int)
	for i, name := range names {
		name = strings.ToLower(name)
		if first, ok := seen[name]; ok {
			return &FileError{"file.duplicate_column", fmt.Sprintf("columns %d and %d are both named %q", first+1, i+1, names[i]), "rename one of them"}
		}
		seen[name] = i
	}
	for column := range told {
		if _, ok := seen[column]; !ok {
			return &FileError{"file.mapping", fmt.Sprintf("there is no column %q to map", column), "the columns are " + strings.Join(names[:min(len(names), 20)], ", ")}
		}
	}
	return nil
}
