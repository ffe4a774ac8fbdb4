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

# x (R, D) -> (R, D) for the hidden layer and, without the first and the last, (R - 2, D) for the gate, which may be changed
# w[i] (2D, D) and its bias: two products, since what they give is then contiguous
def products_on_x(x: Tensor, w: List[Tensor], i: int) -> Tuple[Tensor, Tensor]:
  d = torch.size(x, 1)
  near = torch.linear(x, torch.slice(w[i], 0, 0, d, 1), torch.slice(w[i + 1], 0, 0, d, 1))
  inner = torch.slice(x, 0, 1, -1, 1)
  gate = torch.linear(inner, torch.slice(w[i], 0, d, 2 * d, 1), torch.slice(w[i + 1], 0, d, 2 * d, 1))
  return (near, gate)

# hidden (R, D), gate (R, D), which may be changed -> the update (R, D), the gate (R, D) with its part of the hidden layer
# w[i] (2D, D) and the bias of the update
def products_on_hidden(hidden: Tensor, gate: Tensor, w: List[Tensor], i: int) -> Tuple[Tensor, Tensor]:
  d = torch.size(hidden, 1)
  update = torch.linear(hidden, torch.slice(w[i], 0, 0, d, 1), torch.slice(w[i + 1], 0, 0, d, 1))
  return (update, torch.addmm_(gate, hidden, torch.t(torch.slice(w[i], 0, d, 2 * d, 1))))

