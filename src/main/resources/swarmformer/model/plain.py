# Products with weights on every device.

# weight (out, in), as `linear` takes it
def pack(weight: Tensor) -> Tensor:
  return weight

# x (..., in), weight from `pack`, bias (out) -> (..., out)
def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.linear(x, weight, bias)

# x (..., in), weight from `pack`, bias (out) -> (..., out)
def linear_sigmoid(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.sigmoid_(torch.linear(x, weight, bias))

