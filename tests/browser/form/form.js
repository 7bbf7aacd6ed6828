// A form that rjsf makes of a schema with all its defaults, as an integrator would first
// try it: `draw(schema)`; or with how it is to find defaults: `draw(schema, behaviour)`.
// What is stated in it is in `stated`, what was sent in `sent`.

import Form from "@rjsf/core"
import { customizeValidator } from "@rjsf/validator-ajv8"
import Ajv2020 from "ajv/dist/2020"
import { createElement } from "react"
import { createRoot } from "react-dom/client"

const validator = customizeValidator({ AjvClass: Ajv2020 })

window.draw = (schema, behaviour) => {
  const onChange = ({ formData }) => { window.stated = formData }
  const onSubmit = ({ formData }) => { window.sent = formData }
  const made = createElement(Form, {
    schema,
    validator,
    onChange,
    onSubmit,
    experimental_defaultFormStateBehavior: behaviour ?? undefined,
  })
  createRoot(document.getElementById("form")).render(made)
}
