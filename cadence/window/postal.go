package window

import (
	"strconv"
	"strings"
)

// zipRange is a range of the first three digits of ZIP codes, both ends included,
// and the states it serves: the list of the United States Postal Service
// (Domestic Mail Manual, L002). Military and federal ranges name no place.
type zipRange struct {
	from, to int
	states   string
}

var zips = [...]zipRange{
	{5, 5, "NY"},
	{6, 9, "PR"},
	{10, 27, "MA"},
	{28, 29, "RI"},
	{30, 38, "NH"},
	{39, 49, "ME"},
	{50, 59, "VT"},
	{60, 62, "CT"},
	{63, 63, "CT,NY"},
	{64, 69, "CT"},
	{70, 89, "NJ"},
	{100, 149, "NY"},
	{150, 196, "PA"},
	{197, 199, "DE"},
	{200, 200, "DC"},
	{201, 201, "VA"},
	{202, 205, "DC"},
	{206, 219, "MD"},
	{220, 246, "VA"},
	{247, 268, "WV"},
	{270, 289, "NC"},
	{290, 299, "SC"},
	{300, 319, "GA"},
	{320, 339, "FL"},
	{341, 349, "FL"},
	{350, 369, "AL"},
	{370, 385, "TN"},
	{386, 397, "MS"},
	{398, 399, "GA"},
	{400, 427, "KY"},
	{430, 459, "OH"},
	{460, 479, "IN"},
	{480, 499, "MI"},
	{500, 528, "IA"},
	{530, 549, "WI"},
	{550, 567, "MN"},
	{569, 569, "DC"},
	{570, 577, "SD"},
	{580, 588, "ND"},
	{590, 599, "MT"},
	{600, 629, "IL"},
	{630, 658, "MO"},
	{660, 679, "KS"},
	{680, 693, "NE"},
	{700, 714, "LA"},
	{716, 729, "AR"},
	{730, 732, "OK"},
	{733, 733, "TX"},
	{734, 749, "OK"},
	{750, 799, "TX"},
	{800, 816, "CO"},
	{820, 831, "WY"},
	{832, 838, "ID"},
	{840, 847, "UT"},
	{850, 865, "AZ"},
	{870, 884, "NM"},
	{885, 885, "TX"},
	{889, 898, "NV"},
	{900, 961, "CA"},
	{967, 968, "HI"},
	{970, 979, "OR"},
	{980, 994, "WA"},
	{995, 999, "AK"},
}

// postalProvinces are the provinces and territories of the first letters of
// Canadian postal codes.
var postalProvinces = map[byte]string{
	'A': "NL", 'B': "NS", 'C': "PE", 'E': "NB", 'G': "QC", 'H': "QC", 'J': "QC", 'K': "ON", 'L': "ON", 'M': "ON", 'N': "ON", 'P': "ON",
	'R': "MB", 'S': "SK", 'T': "AB", 'V': "BC", 'X': "NT,NU", 'Y': "YT",
}

// PostalStates are the states of the United States or the provinces of Canada
// that a postal code may lie in, by code; none when it is neither a ZIP code
// nor a Canadian one. Country is "US", "CA" or "" for either; a code of
// another country says nothing here.
func PostalStates(country, code string) []string {
	if code == "" {
		return nil
	}
	code = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(code), " ", ""))
	var states string
	switch country = strings.ToUpper(country); {
	case (country == "" || country == "US") && isZIP(code):
		states = zipStates(code)
	case country == "US" && isZIP(padded(code)):
		states = zipStates(padded(code))
	case (country == "" || country == "CA") && isCanadian(code):
		states = postalProvinces[code[0]]
	}
	if states == "" {
		return nil
	}
	return strings.Split(states, ",")
}

// padded gives a ZIP code the zeros back that a spreadsheet took for nothing:
// 2134 is 02134, and 601 is 00601.
func padded(code string) string {
	zip, more, plus := strings.Cut(code, "-")
	whole := 5
	if !plus && len(zip) > whole {
		whole = 9
	}
	if missing := whole - len(zip); missing > 0 && missing <= 2 {
		zip = "00"[:missing] + zip
	}
	if plus {
		return zip + "-" + more
	}
	return zip
}

// isZIP takes 80202, 802021234 and 80202-1234.
func isZIP(code string) bool {
	if len(code) == 10 && code[5] == '-' {
		code = code[:5] + code[6:]
	}
	_, err := strconv.ParseUint(code, 10, 32)
	return err == nil && (len(code) == 5 || len(code) == 9)
}

func zipStates(code string) string {
	three, _ := strconv.Atoi(code[:3]) // isZIP has seen the digits
	for _, z := range zips {
		if three >= z.from && three <= z.to {
			return z.states
		}
	}
	return ""
}

// isCanadian takes K1A0B1.
func isCanadian(code string) bool {
	if len(code) != 6 {
		return false
	}
	for i, c := range []byte(code) {
		if letter := c >= 'A' && c <= 'Z'; i%2 == 0 && !letter || i%2 == 1 && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
