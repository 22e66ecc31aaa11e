package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"k8s.io/client-go/util/keyutil"

	"kubesolo-os/engine/durable"
	"kubesolo-os/engine/given"
)

const certificateBlock = "CERTIFICATE"

// ensureKey reads <base>.key or makes it. A key that can't be read is never replaced: what was
// signed with it would be lost, and a power cut can't have caused it.
func ensureKey(base string) (signer, error) {
	file := base + ".key"
	text, err := os.ReadFile(file)
	if err == nil {
		return parsePrivate(file, text)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if _, err := os.Stat(base + ".crt"); err == nil {
		return nil, fmt.Errorf("%s is missing but its certificate is there; restore it, or remove %s to start over", file, filepath.Dir(base))
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	encoded, err := encodeKey(key)
	if err != nil {
		return nil, err
	}
	return key, durable.Replace(file, encoded, 0o600)
}

// takeOverKey copies a key that KubeSolo kept elsewhere, unless there is one already: tokens in people's hands and in
// Secrets are signed with it.
func takeOverKey(upstream, file string) error {
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := os.ReadFile(upstream)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		_, err = parseKey(upstream, text)
	}
	if err != nil {
		return fmt.Errorf("cannot take over the key of service accounts' tokens: %w", err)
	}
	return durable.Replace(file, text, 0o600)
}

// parsePrivate also takes back what a copy with other rights has given to others.
func parsePrivate(file string, text []byte) (signer, error) {
	status, err := os.Stat(file)
	if err == nil && status.Mode().Perm()&0o077 != 0 {
		err = os.Chmod(file, 0o600)
	}
	if err != nil {
		return nil, err
	}
	return parseKey(file, text)
}

// parseKey reads any of the ways in which a private key is written.
func parseKey(file string, text []byte) (signer, error) {
	parsed, err := keyutil.ParsePrivateKeyPEM(text)
	if err != nil {
		return nil, fmt.Errorf("cannot parse %s: %w", file, err)
	}
	key, canSign := parsed.(signer)
	if !canSign {
		return nil, fmt.Errorf("%s holds a key that can't sign", file)
	}
	return key, nil
}

// readPair reads <base>.crt; it fails when the certificate isn't one for this key.
func readPair(base string, key signer) (*pair, error) {
	return readCertificate(base+".crt", key)
}

func readCertificate(file string, key signer) (*pair, error) {
	text, err := given.Read(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", file, err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no PEM block", file)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("cannot parse %s: %w", file, err)
	}
	public, comparable := certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !comparable || !public.Equal(key.Public()) {
		return nil, fmt.Errorf("%s is not the certificate of its key", file)
	}
	return &pair{certificate, key}, nil
}

func encodeCertificate(certificate *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: certificate.Raw})
}

func encodeKey(key signer) ([]byte, error) {
	return keyutil.MarshalPrivateKeyToPEM(key)
}
