package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// lifetime of certificates: longer than any process asks.
const lifetime = 365 * 24 * time.Hour

// serving is the certificate that the server shows: a new one at every start, of an authority that the folder keeps. Who takes the
// authority's files away gets another one at the next start.
type serving struct {
	// ca is the authority's certificate, in PEM.
	ca       string
	certFile string
	keyFile  string
}

func issueServing(folder string) (serving, error) {
	issued := serving{
		certFile: filepath.Join(folder, "serving.crt"),
		keyFile:  filepath.Join(folder, "serving.key"),
	}
	authority, err := findAuthority(folder)
	if err != nil {
		return issued, err
	}
	issued.ca = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.Certificate[0]}))
	keyPEM, err := makeKey()
	if err != nil {
		return issued, err
	}
	template, err := newTemplate("kube-apiserver")
	if err != nil {
		return issued, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	template.DNSNames = []string{"localhost", "kubernetes.default.svc"}
	certPEM, err := sign(template, authority.Leaf, keyPEM, authority.PrivateKey)
	if err != nil {
		return issued, err
	}
	if err := os.WriteFile(issued.keyFile, keyPEM, 0o600); err != nil {
		return issued, err
	}
	return issued, os.WriteFile(issued.certFile, certPEM, 0o600)
}

// findAuthority gives the authority of the folder, and makes it where there is none.
func findAuthority(folder string) (tls.Certificate, error) {
	keyPEM, err := madeOnce(filepath.Join(folder, "ca.key"), makeKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	certPEM, err := madeOnce(filepath.Join(folder, "ca.crt"), func() ([]byte, error) {
		template, err := newTemplate("conformance")
		if err != nil {
			return nil, err
		}
		template.IsCA, template.BasicConstraintsValid = true, true
		template.KeyUsage = x509.KeyUsageCertSign
		return sign(template, template, keyPEM, nil)
	})
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(certPEM, keyPEM)
}

func newTemplate(name string) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return nil, err
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		// Clients whose clocks are behind take it too.
		NotBefore: time.Now().Add(-24 * time.Hour),
		NotAfter:  time.Now().Add(lifetime),
	}, nil
}

// sign gives the certificate of the key, in PEM; without a key of the parent it signs itself.
func sign(template, parent *x509.Certificate, keyPEM []byte, parentKey any) ([]byte, error) {
	block, _ := pem.Decode(keyPEM)
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	if parentKey == nil {
		parentKey = key
	}
	var public *ecdsa.PublicKey = &key.PublicKey
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, parentKey)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}
