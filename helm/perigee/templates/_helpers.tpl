{{- define "perigee.labels" -}}
app.kubernetes.io/name: perigee
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "perigee.selector" -}}
app.kubernetes.io/name: perigee
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "perigee.image" -}}
{{ .root.Values.image.repository }}/{{ .component }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- /* Meets the Pod Security Standard "restricted". */ -}}
{{- define "perigee.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "perigee.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "perigee.commonEnv" -}}
- name: PERIGEE_DATABASE_USER
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret }}
      key: username
- name: PERIGEE_DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret }}
      key: password
{{- with .Values.chain.rpcSecret }}
- name: PERIGEE_CHAIN_RPC_URL
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: rpcUrl
{{- end }}
{{- end }}

{{- /* Where the hub is reached: a log-in that is signed for another origin is refused. */ -}}
{{- define "perigee.origins" -}}
{{- $api := .Values.marketplaceApi }}
{{- $name := printf "%s-marketplace-api" .Release.Name }}
{{- $port := int64 $api.service.port }}
{{- $suffix := ternary "" (printf ":%d" $port) (eq $port 80) }}
{{- $origins := list }}
{{- if $api.ingress.enabled }}
{{- $origins = append $origins (printf "https://%s" $api.ingress.host) }}
{{- if not $api.ingress.tlsSecret }}
{{- $origins = append $origins (printf "http://%s" $api.ingress.host) }}
{{- end }}
{{- end }}
{{- range list $name (printf "%s.%s" $name .Release.Namespace) (printf "%s.%s.svc" $name .Release.Namespace) (printf "%s.%s.svc.cluster.local" $name .Release.Namespace) }}
{{- $origins = append $origins (printf "http://%s%s" . $suffix) }}
{{- end }}
{{- join "," (concat $origins $api.origins) }}
{{- end }}

{{- define "perigee.scheduling" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
