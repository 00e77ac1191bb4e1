package event

func init() { register(&CampaignsOver{}) }

// CampaignsOver names the campaigns that are over the share of abandoned calls
// of a rule, all of them: what an earlier one named and this one does not is
// over no more.
type CampaignsOver struct {
	Over []Over `cbor:"1,keyasint,omitempty"`
	At   int64  `cbor:"2,keyasint"`
}

// Over is one campaign that is over the share of one rule, with the figures it
// was judged by. Its calls that the rule is about wait until Until.
type Over struct {
	Rule      string `cbor:"1,keyasint"`
	Campaign  string `cbor:"2,keyasint,omitempty"` // "" is all campaigns together
	Since     int64  `cbor:"3,keyasint"`           // when the period began, Unix ms
	Until     int64  `cbor:"4,keyasint"`
	Answered  int64  `cbor:"5,keyasint,omitempty"` // by a person, in the period
	Abandoned int64  `cbor:"6,keyasint,omitempty"`
	Late      int64  `cbor:"140,keyasint,omitempty"` // … that count as abandoned: not put through in time
}

func (*CampaignsOver) fact() uint16 { return 32 }
