package twilio

import "github.com/bytedance/sonic"

// brief cuts the answer to a placed call down to what Place reads of it, since
// twilio-go's decoder takes 15 µs for the whole of it and 1 µs for these two
// members. What is not one valid JSON object with a "sid" is returned as it
// is, so that twilio-go judges it. No member is changed. (Inside the texts that
// are passed over sonic is less strict than encoding/json.)
func brief(answer, out []byte) []byte {
	if !sonic.Valid(answer) {
		return answer
	}
	sid, ok := member(answer, "sid")
	if !ok {
		return answer
	}
	out = append(append(out, `{"sid":`...), sid...)
	if queue, ok := member(answer, "queue_time"); ok {
		out = append(append(out, `,"queue_time":`...), queue...)
	}
	return append(out, '}')
}

func member(object []byte, name string) (string, bool) {
	node, err := sonic.Get(object, name)
	if err != nil {
		return "", false
	}
	raw, err := node.Raw()
	return raw, err == nil
}
