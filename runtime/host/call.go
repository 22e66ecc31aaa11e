package host

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Call is one call and what came of it, as text: a line of a record, and what the network's program is asked and answers.
// Bytes are in base64.
type Call struct {
	Call    string            `json:"call"`
	Args    []json.RawMessage `json:"args"`
	Result  json.RawMessage   `json:"result,omitempty"`
	Failure *Failure          `json:"failure,omitempty"`
}

func NewCall(name string, args ...any) (Call, error) {
	call := Call{Call: name}
	for _, arg := range args {
		text, err := json.Marshal(arg)
		if err != nil {
			return call, err
		}
		call.Args = append(call.Args, text)
	}
	return call, nil
}

func (c Call) String() string {
	return fmt.Sprintf("%s(%s)", c.Call, bytes.Join(rawBytes(c.Args), []byte(", ")))
}

func rawBytes(messages []json.RawMessage) [][]byte {
	list := make([][]byte, len(messages))
	for i, message := range messages {
		list[i] = message
	}
	return list
}
