package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	istiocrd "istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config/crd"
)

// definitions is the environment variable with the path of Istio's custom
// resource definitions, which are in its Go module.
const definitions = "ORACLE_ISTIO_CRDS"

var crds *crd.Validator

// answerValidate says what istiod's validation and the API server's, by schema
// and CEL rules, refuse of each object.
func answerValidate(request Request) (Answer, error) {
	if crds == nil {
		path := os.Getenv(definitions)
		if path == "" {
			return Answer{}, fmt.Errorf("%s is not set", definitions)
		}
		validator, err := crd.NewValidatorFromFiles(path)
		if err != nil {
			return Answer{}, err
		}
		crds = validator
	}
	answer := Answer{Problems: make([]string, len(request.Objects))}
	for index, raw := range request.Objects {
		if err := validate(raw); err != nil {
			answer.Problems[index] = err.Error()
		}
	}
	return answer, nil
}

// validate asks both, because neither refuses all that the other does.
func validate(raw json.RawMessage) error {
	// JSON is YAML.
	return errors.Join(crds.ValidateCustomResourceYAML(string(raw), nil), validateAsIstiod(raw))
}

func validateAsIstiod(raw json.RawMessage) error {
	object := &istiocrd.IstioKind{}
	if err := json.Unmarshal(raw, object); err != nil {
		return err
	}
	schema, err := schemaOf(object)
	if err != nil {
		return err
	}
	each, err := istiocrd.ConvertObject(schema, object, "cluster.local")
	if err != nil {
		return err
	}
	_, err = schema.ValidateConfig(*each)
	return err
}
