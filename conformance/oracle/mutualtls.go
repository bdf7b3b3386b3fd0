package main

import (
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/security/authn"
)

// answerMutualTLS asks istiod for the effective mode of each port of a workload.
func answerMutualTLS(request Request) (Answer, error) {
	environment, err := environmentOf(request)
	if err != nil {
		return Answer{}, err
	}
	environment.Init()
	push := model.NewPushContext()
	push.InitContext(environment, nil, nil)
	applier := authn.NewPolicyApplier(push, proxyOf(request.Workload), nil)
	modes := make([]string, len(request.Ports))
	for index, port := range request.Ports {
		modes[index] = applier.GetMutualTLSModeForPort(port).String()
	}
	return Answer{Modes: modes}, nil
}
