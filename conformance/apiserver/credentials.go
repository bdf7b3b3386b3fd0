package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// credentials are made at the first start in a folder, and found there again at the next.
type credentials struct {
	token     string
	tokenFile string
	// accountKeyFile has the key that tokens of service accounts are signed with; the server does not start without.
	accountKeyFile string
}

func findCredentials(folder string) (credentials, error) {
	found := credentials{
		tokenFile:      filepath.Join(folder, "tokens.csv"),
		accountKeyFile: filepath.Join(folder, "service-accounts.key"),
	}
	row, err := madeOnce(found.tokenFile, func() ([]byte, error) {
		return fmt.Appendf(nil, "%s,conformance,conformance,system:masters\n", rand.Text()), nil
	})
	if err != nil {
		return found, err
	}
	found.token, _, _ = strings.Cut(string(row), ",")
	_, err = madeOnce(found.accountKeyFile, makeKey)
	return found, err
}

// madeOnce gives what the file has, and makes it where there is none.
func madeOnce(path string, makeContent func() ([]byte, error)) ([]byte, error) {
	known, err := os.ReadFile(path)
	if !os.IsNotExist(err) {
		return known, err
	}
	content, err := makeContent()
	if err != nil {
		return nil, err
	}
	return content, os.WriteFile(path, content, 0o600)
}

// makeKey gives a private key in PEM.
func makeKey() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), nil
}
