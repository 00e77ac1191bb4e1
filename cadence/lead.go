package cadence

// Number is a telephone number in E.164 form, for example "+13035550142".
type Number string

// Masked hides all but the country part and the last two digits, the only
// form in which a number may appear in logs.
func (n Number) Masked() string {
	if len(n) < 6 {
		return "…"
	}
	return string(n[:2]) + "…" + string(n[len(n)-2:])
}

// NumberType says what kind of line a lead's number is, as the import said.
type NumberType string

// The number types. Unknown is the empty string.
const (
	Mobile NumberType = "mobile"
	Home   NumberType = "home"
	Work   NumberType = "work"
	Other  NumberType = "other"
)

// LeadNumber is one of a lead's numbers, in the order they are to be tried.
type LeadNumber struct {
	Number    Number     `json:"number" cbor:"1,keyasint"`
	Type      NumberType `json:"type,omitempty" cbor:"2,keyasint,omitempty"`
	Extension string     `json:"extension,omitempty" cbor:"3,keyasint,omitempty"`
}

// Lead is a person to be called. Zone is an IANA name; PostalCode, State and
// Country are as imported (State and Country in upper case).
type Lead struct {
	ID         ID                `json:"-" cbor:"1,keyasint"`
	ExternalID string            `json:"external_id,omitempty" cbor:"2,keyasint,omitempty"`
	Name       string            `json:"name,omitempty" cbor:"3,keyasint,omitempty"`
	FirstName  string            `json:"first_name,omitempty" cbor:"4,keyasint,omitempty"`
	LastName   string            `json:"last_name,omitempty" cbor:"5,keyasint,omitempty"`
	Email      string            `json:"email,omitempty" cbor:"6,keyasint,omitempty"`
	Status     string            `json:"status,omitempty" cbor:"7,keyasint,omitempty"`
	Owner      string            `json:"owner,omitempty" cbor:"8,keyasint,omitempty"`
	Zone       string            `json:"zone,omitempty" cbor:"9,keyasint,omitempty"`
	PostalCode string            `json:"postal_code,omitempty" cbor:"10,keyasint,omitempty"`
	State      string            `json:"state,omitempty" cbor:"11,keyasint,omitempty"`
	Country    string            `json:"country,omitempty" cbor:"12,keyasint,omitempty"`
	Numbers    []LeadNumber      `json:"numbers" cbor:"13,keyasint,omitempty"`
	Fields     map[string]string `json:"fields,omitempty" cbor:"14,keyasint,omitempty"`
}

// DispositionCode names an outcome, in upper case, for example "NO_ANSWER".
type DispositionCode string

// Limits of a lead. Anything beyond is a row-level error at import and 400 at
// the API.
const (
	MaxLeadNumbers = 10
	MaxLeadFields  = 200
	MaxFieldBytes  = 8 << 10
	MaxExtension   = 20 // bytes of a number's extension
)
