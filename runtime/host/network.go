package host

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// NetworkProgram makes the calls of this file. It lies beside ours, and has HTTP and TLS in it: four megabytes, which
// would be read and set up at each start here, and hardly ever used.
const NetworkProgram = "kubesolo-os-agent-network"

type HTTPRequest struct {
	URL            string            `json:"url"`
	Method         string            `json:"method"`
	Headers        map[string]string `json:"headers"`
	Body           Content           `json:"body"`
	TimeoutMs      int64             `json:"timeoutMs"`
	CAPem          string            `json:"caPem"`
	CertificatePem string            `json:"certificatePem"`
	KeyPem         string            `json:"keyPem"`
	Proxy          *string           `json:"proxy"`
}

type HTTPResponse struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    []byte            `json:"body"`
}

type DownloadOptions struct {
	MaxBytes int64  `json:"maxBytes"`
	SHA256   string `json:"sha256"`
}

func fetch(request HTTPRequest, maxBytes int64) (HTTPResponse, error) {
	var response HTTPResponse
	err := askNetwork(&response, "fetch", request, maxBytes)
	return response, err
}

func download(request HTTPRequest, path string, options DownloadOptions) error {
	return askNetwork(nil, "download", request, path, options)
}

type CertificateFacts struct {
	Name        string `json:"name"`
	IsAuthority bool   `json:"isAuthority"`
	NotBeforeMs int64  `json:"notBeforeMs"`
	NotAfterMs  int64  `json:"notAfterMs"`
}

// readCertificate needs no network, but what TLS has anyway.
func readCertificate(pem string) (CertificateFacts, error) {
	var facts CertificateFacts
	err := askNetwork(&facts, "readCertificate", pem)
	return facts, err
}

func askNetwork(result any, name string, args ...any) error {
	call, err := NewCall(name, args...)
	if err != nil {
		return err
	}
	question, err := json.Marshal(call)
	if err != nil {
		return err
	}
	own, err := os.Executable()
	if err != nil {
		return err
	}
	command := exec.Command(filepath.Join(filepath.Dir(own), NetworkProgram))
	command.Stdin = bytes.NewReader(question)
	var complaint strings.Builder
	command.Stderr = io.MultiWriter(os.Stderr, &complaint) // on the way, it says how far it is
	// Whoever ends the agent at its time limit means both.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	answer, err := command.Output()
	if err != nil {
		return Failed(codeOf(err), "%s: %v %s", NetworkProgram, err, complaint.String())
	}
	if err := json.Unmarshal(answer, &call); err != nil {
		return err
	}
	if call.Failure != nil {
		return call.Failure
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(call.Result, result)
}
