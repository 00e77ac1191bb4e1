package sim_test

import (
	"fmt"
	"strings"

	"github.com/carillon-dialer/carillon/cadence"
)

// listed are the people of the lawful worlds, a line each: the beginning of
// their number, then what their address says. Every state is there by an area
// code, those with two clocks by both kinds, and people who have moved.
const listed = `
+1205 +1334 +1907 +1602 +1928 +1501 +1415 +1303 +1860 +1302 +1202 +1305 +1850 +1404 +1808 +1208 +1312 +1317 +1219 +1515 +1316 +1785
+1502 +1270 +1504 +1207 +1301 +1617 +1313 +1906 +1612 +1601 +1314 +1406 +1402 +1308 +1702 +1775 +1603 +1201 +1505 +1212 +1704 +1701
+1216 +1405 +1503 +1541 +1215 +1401 +1803 +1605 +1615 +1423 +1214 +1915 +1801 +1435 +1802 +1804 +1206 +1304 +1414 +1307
+1416 +1604 +1250 +1306 +1709
+4420 +447 +331 +336 +4930 +4915 +9122 +9198 +612 +613 +617 +6189 +614

+1212 US,FL      +1415 US,RI      +1303 US,LA      +1312 US,UT      +1206 US,AL      +1404 US,KY
+1602 US,MS      +1214 US,HI      +1702 US,CT      +1216 US,WA      +1314 US,OK      +1515 US,OR
+1704 US,,02903  +1804 US,,32501  +1505 US,,70112  +1406 US,,84101  +1802 US,,96813  +1803 US,,99501
+1414 US,,39201  +1304 US,,04101  +1603 US,,57701  +1307 US,,79901  +1617 US,,85001  +1302 US,,20001
+1416 CA,BC      +1604 CA,,A1C5M2  +1212 US,,,America/Los_Angeles    +1415 US,,,America/New_York
+331  FR,,75001  +336  FR,,97400  +331  FR,,97110  +612 AU,,4870  +617 AU,,6000  +1305 US,TX      +1405 US,MD      +1401 US,PA      +1305 FR
`

// people makes a lead of each line, several times over. numbers are two for
// each: the second is nobody's, but where twice says that it is the person's.
func people(times int, twice func(places string) bool) (leads []cadence.Lead, numbers []cadence.Number) {
	words := strings.Fields(listed)
	for i, prefix := range words {
		if prefix[0] != '+' {
			continue
		}
		address := ""
		if i+1 < len(words) && words[i+1][0] != '+' {
			address = words[i+1]
		}
		parts := strings.Split(address+",,,", ",")
		for range times {
			n := len(leads)
			l := cadence.Lead{
				Name: fmt.Sprintf("Lead %05d", n+1), FirstName: "Lead", ExternalID: fmt.Sprintf("S%05d", n+1),
				Country: parts[0], State: parts[1], PostalCode: parts[2], Zone: parts[3],
				Numbers: []cadence.LeadNumber{{Number: numberOf(prefix, 2*n)}},
			}
			spare := numberOf(prefix, 2*n+1)
			if twice(prefix + " " + address) {
				l.Numbers = append(l.Numbers, cadence.LeadNumber{Number: spare})
			}
			leads, numbers = append(leads, l), append(numbers, l.Numbers[0].Number, spare)
		}
	}
	return leads, numbers
}

// numberOf makes a number of the right length for its country.
func numberOf(prefix string, n int) cadence.Number {
	switch {
	case strings.HasPrefix(prefix, "+1"):
		return cadence.Number(fmt.Sprintf("%s555%04d", prefix, n))
	case strings.HasPrefix(prefix, "+4420"):
		return cadence.Number(fmt.Sprintf("+442079%06d", 460000+n))
	case strings.HasPrefix(prefix, "+447"):
		return cadence.Number(fmt.Sprintf("+447400%06d", 123000+n))
	case strings.HasPrefix(prefix, "+33"):
		return cadence.Number(fmt.Sprintf("%s42%06d", prefix, 680000+n))
	case strings.HasPrefix(prefix, "+4930"):
		return cadence.Number(fmt.Sprintf("+493023%06d", 125000+n))
	case strings.HasPrefix(prefix, "+4915"):
		return cadence.Number(fmt.Sprintf("+49151%08d", 23456000+n))
	case strings.HasPrefix(prefix, "+9122"):
		return cadence.Number(fmt.Sprintf("+9122%08d", 26660000+n))
	case strings.HasPrefix(prefix, "+9198"):
		return cadence.Number(fmt.Sprintf("+9198%08d", 76543000+n))
	case prefix == "+6189":
		return cadence.Number(fmt.Sprintf("+6189%07d", 2200000+n))
	case prefix == "+614":
		return cadence.Number(fmt.Sprintf("+614%08d", 12345000+n))
	case prefix == "+617": // Queensland, far from Brisbane
		return cadence.Number(fmt.Sprintf("+61740%06d", 123000+n))
	default: // the other Australian ones
		return cadence.Number(fmt.Sprintf("%s%08d", prefix, 92345000+n))
	}
}
