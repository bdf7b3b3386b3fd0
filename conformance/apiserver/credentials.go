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
)

// credentials are made at every start and forgotten at its end.
type credentials struct {
	token     string
	tokenFile string
	// accountKeyFile has the key that tokens of service accounts would be signed with; the server does not start without.
	accountKeyFile string
}

func makeCredentials(folder string) (credentials, error) {
	made := credentials{
		token:          rand.Text(),
		tokenFile:      filepath.Join(folder, "tokens.csv"),
		accountKeyFile: filepath.Join(folder, "service-accounts.key"),
	}
	row := fmt.Sprintf("%s,conformance,conformance,system:masters\n", made.token)
	if err := os.WriteFile(made.tokenFile, []byte(row), 0o600); err != nil {
		return made, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return made, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return made, err
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
	return made, os.WriteFile(made.accountKeyFile, block, 0o600)
}
