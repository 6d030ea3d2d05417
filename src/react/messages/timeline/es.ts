import type { KycTimelineMessages } from './messages.ts'

/** Spanish. */
export const es = {
  locale: 'es',
  direction: 'ltr',
  review: 'none',

  title: 'Su progreso',
  loading: 'Estamos consultando la situación actual.',
  states: {
    todo: 'Pendiente',
    sending: 'Subiendo',
    in_review: 'En revisión',
    action_needed: 'Requiere su atención',
    done: 'Hecho',
    declined: 'No completado',
    expired: 'Plazo vencido',
    unknown: 'Actualización pendiente',
    not_needed: 'No es necesario',
  },
  overall: {
    todo: 'Todavía queda algo por hacer.',
    sending: 'Sus archivos se están subiendo.',
    in_review: 'Estamos revisando lo que nos ha enviado. Ahora no tiene que hacer nada.',
    action_needed: 'Necesitamos algo de usted.',
    done: 'Todos los pasos están completos.',
    declined: 'No hemos podido completar el proceso. Póngase en contacto con nosotros para saber qué puede hacer.',
    expired: 'El plazo de un paso ha vencido. Empiécelo de nuevo.',
    unknown: 'Estamos esperando una actualización.',
  },
  steps: {
    'kyc-file': {
      name: 'Su documento',
      in_review: 'Estamos revisando su documento.',
      action_needed:
        'No hemos podido procesar su documento. Súbalo de nuevo. Asegúrese de que se vea entero y se pueda leer.',
      done: 'Hemos recibido su documento.',
    },
    poa: {
      name: 'Comprobante de domicilio',
      in_review: 'Estamos revisando su comprobante de domicilio.',
      action_needed: 'Necesitamos otro comprobante de domicilio.',
      done: 'El paso del comprobante de domicilio está completo.',
    },
    'kyc-verification': {
      name: 'Verificación de identidad',
      in_review: 'Estamos revisando sus datos. Esto puede llevar un tiempo.',
      action_needed: 'Necesitamos algo más de usted para terminar la verificación de identidad.',
      done: 'El paso de verificación de identidad está completo.',
      declined: 'No hemos podido completar su verificación de identidad. Póngase en contacto con nosotros.',
      expired: 'Su verificación de identidad no se terminó a tiempo. Empiécela de nuevo.',
    },
    'user-balance': {
      name: 'Su cuenta',
      in_review: 'Estamos preparando su cuenta.',
      done: 'Su cuenta está preparada.',
    },
  },
  anyStep: {
    sending: 'No cierre esta página hasta que termine la subida.',
    in_review: 'Ahora no tiene que hacer nada.',
    action_needed: 'Necesitamos algo de usted para este paso.',
    declined: 'No hemos podido completar este paso. Póngase en contacto con nosotros.',
    expired: 'Este paso no se terminó a tiempo. Empiécelo de nuevo.',
    unknown: 'Hay una actualización que todavía no podemos mostrar aquí. Vuelva a mirar más tarde.',
  },
  reasons: {
    unclear: 'No podemos leer su documento. Suba una foto más nítida en la que se vea entero.',
    other_document: 'No podemos usar este documento. Suba otro.',
  },

  since: 'Desde: {time}',
  updated: 'Actualizado: {time}',
  spoken: '{step}: {state}.',

  connectionLost: 'Conexión perdida. Esta página se actualizará cuando se restablezca.',
  connectionFailed: 'Ahora mismo no podemos actualizar esta página. Recárguela para intentarlo de nuevo.',
  connectionBack: 'La conexión se ha restablecido.',
  checkAgain: 'Actualizar',
  contact: '¿Necesita ayuda?',
} satisfies KycTimelineMessages
