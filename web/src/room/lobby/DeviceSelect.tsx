import { useMediaDevices } from "@livekit/components-react";
import { NativeSelect } from "@mantine/core";

interface DeviceSelectProps {
  kind: "audioinput" | "videoinput";
  label: string;
  value: string;
  onChange: (deviceId: string) => void;
}

export function DeviceSelect({ kind, label, value, onChange }: DeviceSelectProps) {
  const devices = useMediaDevices({ kind });
  // Browsers give neither ids nor names before the first permission.
  const named = devices.filter((device) => device.deviceId !== "" && device.deviceId !== "default");
  const data = [
    { value: "default", label: `Default ${label.toLowerCase()}` },
    ...named.map((device) => ({ value: device.deviceId, label: device.label || label })),
  ];
  const known = data.some((option) => option.value === value);
  return (
    <NativeSelect
      aria-label={`Choose ${label.toLowerCase()}`}
      data={data}
      value={known ? value : "default"}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
