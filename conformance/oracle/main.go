// The oracle answers questions about Kubernetes and Istio manifests with the
// code that Kubernetes and Istio themselves enforce them by. It reads JSON
// lines and writes one for each; README.md has the protocol.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// longestLine bounds one request: a world with all its objects.
const longestLine = 256 << 20

func main() {
	answers, err := reserveStdout()
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), longestLine)
	out := bufio.NewWriterSize(answers, 1<<20)
	for lines.Scan() {
		answer, err := json.Marshal(answerTo(lines.Bytes()))
		if err != nil {
			fmt.Fprintln(os.Stderr, "oracle: an answer cannot be written:", err)
			os.Exit(1)
		}
		// On lines of their own: what libraries wrote before main may have left a line open.
		fmt.Fprintf(out, "\n%s\n", answer)
		if err := out.Flush(); err != nil {
			os.Exit(1)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "oracle: a request cannot be read:", err)
		os.Exit(1)
	}
}

// answerTo never panics: a question that an engine cannot take is answered
// with the reason, so that the others of a batch are answered.
func answerTo(line []byte) (answer Answer) {
	var request Request
	if err := json.Unmarshal(line, &request); err != nil {
		return Answer{Error: "not a request: " + err.Error()}
	}
	defer func() {
		if reason := recover(); reason != nil {
			answer = Answer{ID: request.ID, Error: fmt.Sprintf("panic: %v", reason)}
		}
	}()
	handle, known := handlers[request.Kind]
	if !known {
		return Answer{ID: request.ID, Error: fmt.Sprintf("no such kind: %q", request.Kind)}
	}
	answer, err := handle(request)
	if err != nil {
		return Answer{ID: request.ID, Error: err.Error()}
	}
	answer.ID = request.ID
	return answer
}

var handlers = map[string]func(Request) (Answer, error){
	"networkPolicies": answerNetworkPolicies,
	"authorization":   answerAuthorization,
	"mtls":            answerMutualTLS,
	"ambient":         answerAmbient,
	"validate":        answerValidate,
	"certificates":    answerCertificates,
	"waypoints":       answerWaypoints,
}
