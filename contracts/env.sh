# Sourced by the scripts beside it: where forge and anvil are. Both are real binaries out of npm packages.
contracts_dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

# Installs the locked packages when they are missing or older than the lock.
ensure_packages() {
  local stamp="$contracts_dir/node_modules/.package-lock.json"
  if [[ ! -f "$stamp" || "$contracts_dir/package-lock.json" -nt "$stamp" ]]; then
    (cd "$contracts_dir" && npm ci --no-fund --no-audit --loglevel=error)
  fi
}

# Runs forge in the contracts' directory.
forge() {
  (cd "$contracts_dir" && "$contracts_dir/node_modules/@foundry-rs/forge-linux-amd64/bin/forge" "$@")
}

# The anvil binary's path.
anvil_path() {
  echo "$contracts_dir/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
}
